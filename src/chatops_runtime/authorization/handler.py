"""The authorize function's entry point: `chatops_runtime.authorization.handler.handler`."""

from __future__ import annotations

import os
import time
from typing import Any

from chatops_runtime import log_line
from chatops_runtime.authorization import rule as rules
from chatops_runtime.authorization.composition import authorizer
from chatops_runtime.contracts import authorization as contract
from chatops_runtime.contracts import environment
from chatops_runtime.slack import mrkdwn


class WrongTeamError(log_line.LoggableError):
    """The event is about another workspace than the endpoint's."""


def handler(event: dict[str, Any], context: Any) -> dict[str, object]:  # noqa: ANN401 - Lambda's context has no type
    """Whether the user may: `chatops_runtime.contracts.authorization`.

    Raises:
        ValueError: The event is of another version than this code.
        WrongTeamError: It is about another workspace.
    """
    began = time.monotonic()
    if event["version"] != contract.VERSION:
        raise ValueError(f"event of version {event['version']}: this code reads version {contract.VERSION}")
    if event["team_id"] != os.environ[environment.TEAM_ID]:
        raise WrongTeamError("the event is about another workspace than this endpoint's")
    judgement = authorizer(gov=bool(event.get("gov"))).judge(
        event["rule"], user_id=event["user_id"], channel_id=event["channel_id"], arguments=event["arguments"]
    )
    log_line.write(
        log_line.WARN if judgement.detail else log_line.INFO,
        "authorization",
        id=event["id"],
        outcome=judgement.why or "allowed",
        user_id=event["user_id"],
        channel_id=event["channel_id"],
        detail=judgement.detail or None,
        request_id=context.aws_request_id,
        milliseconds=round((time.monotonic() - began) * 1000),
    )
    return {
        "allowed": judgement.allowed,
        "who_may": rules.who_may(event["rule"]),
        "why": judgement.why,
        "detail": mrkdwn.literal(judgement.detail),
    }
