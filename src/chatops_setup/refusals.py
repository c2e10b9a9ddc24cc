"""What the endpoint's own log says about Slack's requests: whether they are refused, and why.

A signing secret that is not the app's cannot be told by looking at it. That Slack's requests are refused can.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chatops_runtime.contracts import request_log
from chatops_setup.aws import RefusedCallError
from chatops_setup.finding import Finding, ok, problem
from chatops_setup.request import USER

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from chatops_setup.aws import Aws

CHECK = "Slack's requests"
SINCE_SECONDS = 3_600

REREAD_SECONDS = 60.0
"""How long an endpoint may go on with the secret that it knows: it reads the parameter once a minute at most."""

# https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntaxForMetricFilters.html
_PATTERN = f'{{ $.event = "{request_log.EVENT}" }}'

_REMEDIES = {
    "signature_wrong": (
        "if it was typed in Slack, the parameter holds another secret than the app has: run `chatops-constructs setup` "
        "and paste the app's Signing Secret (not the Client Secret, which looks the same)"
    ),
    "secret_unusable": "the parameter holds no signing secret: run `chatops-constructs setup`",
    "another_team": "another workspace uses the URL: install the app in the one that the stack names",
    "another_app": "another app uses the URL: change the app's id in the stack, or the Request URL in that app",
    request_log.INTERNAL_ERROR: "the line in the log of the dispatch function says what failed",
    request_log.START_REFUSED: "the dispatch function lost a right: deploy the stack again",
}
"""By the outcome that the log names. Other refusals are of requests that are none of Slack's."""

_ABOUT_THE_SECRET = frozenset({"signature_wrong", "secret_unusable"})


@dataclass(frozen=True)
class LoggedRequest:
    """What an endpoint logged about one request.

    Attributes:
        at: When, in seconds since 1970.
        outcome: What became of it.
        status: The HTTP status.
        user_id: Who typed; empty if the request was refused before that was known.
    """

    at: float
    outcome: str
    status: int
    user_id: str

    @property
    def may_be_slacks(self) -> bool:
        """Whether it was somebody's command, or would have been, and not one of this program's."""
        answered = self.status == 200 and self.outcome != "ssl_check"
        return self.user_id != USER and (answered or self.outcome in _REMEDIES)


def requests_logged(aws: Aws, log_group: str) -> Iterator[LoggedRequest]:
    """What an endpoint's function logged about requests in the last hour, the earliest first.

    Raises:
        AwsError: The log cannot be read.
    """
    since = int((time.time() - SINCE_SECONDS) * 1000)
    try:
        for event in aws.all_of(
            "logs", "filter_log_events", "events", logGroupName=log_group, startTime=since, filterPattern=_PATTERN
        ):
            line = _parsed(event["message"])
            if line.get("event") == request_log.EVENT:
                yield LoggedRequest(
                    at=event["timestamp"] / 1000,
                    outcome=str(line.get("outcome")),
                    status=int(line.get("status", 0)),
                    user_id=str(line.get("user_id", "")),
                )
    except RefusedCallError as error:
        if error.code != "ResourceNotFoundException":
            raise


def judged(requests: Iterable[LoggedRequest], secret_written: datetime) -> Finding:
    """Whether the latest request that may have been Slack's was refused.

    Args:
        requests: The earliest first.
        secret_written: When the signing secret was stored: what was refused before, was so because of another one.
    """
    current = secret_written.timestamp() + REREAD_SECONDS
    theirs = [
        each
        for each in requests
        if each.may_be_slacks and not (each.outcome in _ABOUT_THE_SECRET and each.at < current)
    ]
    if not theirs:
        return ok(CHECK, "none in the last hour")
    outcome = theirs[-1].outcome
    if outcome not in _REMEDIES:
        return ok(CHECK, f"{len(theirs)} in the last hour; the latest was answered ({outcome})")
    count = sum(each.outcome == outcome for each in theirs)
    return problem(CHECK, f"refused {count} times in the last hour, the latest too: {outcome}", _REMEDIES[outcome])


def _parsed(message: str) -> dict[str, Any]:
    try:
        line = json.loads(message)
    except ValueError:
        return {}
    return line if isinstance(line, dict) else {}
