"""The report function's entry point: `chatops_runtime.report.handler.handler`."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from functools import cache
from typing import Any

from chatops_runtime import log_line
from chatops_runtime.contracts import environment
from chatops_runtime.contracts import report as contract
from chatops_runtime.report.delivery import Delivery
from chatops_runtime.report.rendering import render
from chatops_runtime.report.report import Report
from chatops_runtime.slack import mrkdwn
from chatops_runtime.slack.bot_token import BotToken
from chatops_runtime.slack.message import Message
from chatops_runtime.slack.web_client import SlackRefusedError, SlackRetryable, WebClient

LONGEST_PAUSE_SECONDS = 60
"""Between two tries, unless Slack asks for a longer one."""


def handler(event: dict[str, Any], context: Any) -> dict[str, object]:  # noqa: ANN401 - Lambda's context has no type
    """Say how a command went, or as much of that as Slack takes now: `chatops_runtime.contracts.report`.

    Raises:
        Exception: It can never be said.
    """
    began = time.monotonic()
    report = Report.from_event(event)
    level, facts = log_line.ERROR, {}
    try:
        answer = _answer(report)
        level, facts = log_line.INFO if answer["done"] else log_line.WARN, answer
    except Exception as error:
        facts = log_line.describe(error)
        raise
    else:
        return answer
    finally:
        log_line.write(
            level,
            "report",
            id=report.id,
            command=report.request["command"],
            kind=report.kind,
            tries=report.tries,
            request_id=context.aws_request_id,
            milliseconds=round((time.monotonic() - began) * 1000),
            **facts,
        )


def _answer(report: Report) -> dict[str, object]:
    """Deliver what earlier invocations have not."""
    said, way = report.said, None
    try:
        for message in render(report)[said:]:
            way = _say(report, message)
            said += 1
    except SlackRetryable as busy:
        return {"done": False, "said": said, "retry_after": _pause(busy, report.tries), "detail": str(busy)}
    return {"done": True, "said": said, "delivered_by": way}


def _pause(busy: SlackRetryable, tries: int) -> int:
    """In seconds: what Slack asks for, else longer each time."""
    wanted = min(2 ** (tries + 1), LONGEST_PAUSE_SECONDS) if busy.retry_after is None else busy.retry_after
    return min(max(wanted, 1), contract.MOST_RETRY_AFTER)


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
