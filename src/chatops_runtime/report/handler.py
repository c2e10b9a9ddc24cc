"""The report function's entry point: `chatops_runtime.report.handler.handler`."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from functools import cache
from typing import Any

from chatops_runtime import log_line
from chatops_runtime.contracts import environment
from chatops_runtime.report.delivery import Delivery
from chatops_runtime.report.rendering import render
from chatops_runtime.report.report import Report
from chatops_runtime.slack import mrkdwn
from chatops_runtime.slack.bot_token import BotToken
from chatops_runtime.slack.message import Message
from chatops_runtime.slack.web_client import SlackRefusedError, WebClient


def handler(event: dict[str, Any], context: Any) -> dict[str, str]:  # noqa: ANN401 - Lambda's context has no type
    """Say how a command went.

    Raises:
        SlackRetryable: Slack cannot take it now; the state machine tries again.
        Exception: It cannot be said, and the execution fails, where that is seen.
    """
    began = time.monotonic()
    report = Report.from_event(event)
    facts: dict[str, object] = {}
    try:
        for message in render(report):
            facts["delivered_by"] = _say(report, message)
    except Exception as error:
        facts.update(log_line.describe(error))
        raise
    finally:
        log_line.write(
            log_line.ERROR if "error" in facts else log_line.INFO,
            "report",
            id=report.id,
            command=report.request["command"],
            kind=report.kind,
            request_id=context.aws_request_id,
            milliseconds=round((time.monotonic() - began) * 1000),
            **facts,
        )
    return {"delivered_by": str(facts["delivered_by"])}


def _say(report: Report, message: Message) -> str:
    """Deliver `message`. If Slack does not like it, such as blocks of a user's function, say at least that."""
    try:
        return _delivery().deliver(report, message)
    except SlackRefusedError as refused:
        reason = mrkdwn.code(refused.code)
        told = Message(f":x: {report.command} is over, but Slack refused its message: {reason} {report.origin}")
        with suppress(SlackRefusedError):
            _delivery().deliver(report, told)
        raise


@cache
def _delivery() -> Delivery:
    parameter = os.environ.get(environment.BOT_TOKEN_PARAMETER)
    return Delivery(
        team_id=os.environ[environment.TEAM_ID],
        client=WebClient(),
        bot_token=BotToken(parameter) if parameter else None,
    )
