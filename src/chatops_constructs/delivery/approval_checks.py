"""What no approvals from Slack can be made of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chatops_constructs._problems import matches
from chatops_constructs.delivery.pipeline_approvals import people_json
from chatops_runtime.contracts.delivery import AUTOMATION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_constructs._problems import Problems
    from chatops_constructs.slack.credentials import SlackCredentials

USER_ID = re.compile(r"[UW][A-Z0-9]{2,20}")
# Of the 4 KB of an environment: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html.
MOST_BYTES_OF_PEOPLE = 2_500


def check_approvals(
    problems: Problems,
    *,
    gates: Mapping[str, str],
    is_made: bool,
    credentials: SlackCredentials | None,
    people: Mapping[str, str],
    allow_self_approval: bool,
) -> None:
    """Note what is wrong with the parameters of `approval_action`.

    Args:
        problems: Takes it.
        gates: Where approvals are.
        is_made: Whether there is such an action already.
        credentials: Where the bot token is.
        people: The users of Slack by the authors.
        allow_self_approval: Whether people may approve what they wrote.
    """
    problems.check(
        bool(gates),
        "stages",
        "stages without an approval",
        "one or more with approval=True",
        "write DeliveryStage(…, approval=True)",
    )
    problems.check(
        not is_made,
        "approval_action()",
        "made a second time",
        "one for a pipeline",
        "keep the action, and add it to each endpoint",
    )
    problems.check(
        credentials is None or credentials.bot_token_parameter is not None,
        "credentials",
        "SlackCredentials without a bot token",
        "credentials with a bot token, with which Slack is asked who somebody is",
        "write SlackCredentials.from_parameters(…, bot_token=True)",
    )
    problems.check(
        allow_self_approval or credentials is not None or bool(people),
        "credentials and people",
        None,
        "one of them, since nobody may approve what they wrote: without, every author is unknown",
        "give credentials, or allow_self_approval=True",
    )
    _check_people(problems, people)


def _check_people(problems: Problems, people: Mapping[str, str]) -> None:
    for author, user in people.items():
        problems.check(
            isinstance(author, str) and bool(author.strip()) and (matches(USER_ID, user) or user == AUTOMATION),
            f"people[{author!r}]",
            user,
            f"the id of a user of Slack, or {AUTOMATION!r} for what is no person",
            "copy the member id in the user's profile in Slack: U…",
            tokens=False,
        )
    taken = len(people_json(people).encode())
    problems.check(
        taken <= MOST_BYTES_OF_PEOPLE,
        "people",
        f"a map that takes {taken} bytes",
        f"up to {MOST_BYTES_OF_PEOPLE} bytes, since a function's environment holds 4 KB",
        "give credentials, and leave out those whose e-mail address is the same in Slack",
    )
