"""The report function's entry point: `chatops_runtime.report.handler.handler`."""

from __future__ import annotations

import os
import time
from functools import cache
from typing import Any

from chatops_runtime import log_line
from chatops_runtime.contracts import environment
from chatops_runtime.report import metrics
from chatops_runtime.report.delivery import Delivery
from chatops_runtime.report.rendering import render
from chatops_runtime.report.report import Report
from chatops_runtime.report.telling import Telling
from chatops_runtime.slack.bot_token import BotToken
from chatops_runtime.slack.web_client import WebClient

NEEDED_MILLISECONDS = 45_000
"""For a file: four calls of at most ten seconds."""


def handler(event: dict[str, Any], context: Any) -> dict[str, object]:  # noqa: ANN401 - Lambda's context has no type
    """Say how a command went, or as much of that as Slack takes now: `chatops_runtime.contracts.report`.

    What is asked and said before a command is over is in `chatops_runtime.contracts.asking`.

    Raises:
        Exception: It can never be said.
    """
    if "event" in event:
        from chatops_runtime.report.asking import desk  # noqa: PLC0415 - most commands ask nothing

        return desk.answer(event, context.aws_request_id, _delivery())
    return _report(event, context, _delivery())


def _report(event: dict[str, Any], context: Any, delivery: Delivery) -> dict[str, object]:  # noqa: ANN401
    began = time.monotonic()
    report = Report.from_event(event)
    telling = Telling(
        report,
        render(report, files=delivery.takes_files),
        delivery,
        has_time=lambda: context.get_remaining_time_in_millis() >= NEEDED_MILLISECONDS,
    )
    level, facts = log_line.ERROR, {}
    try:
        answer = telling.answer()
        facts = answer
        level = log_line.INFO if answer["done"] and "refused" not in telling.facts else log_line.WARN
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
            **{**telling.facts, **facts},
            **metrics.facts(os.environ[environment.ENDPOINT], report, time.time()),
        )


@cache
def _delivery() -> Delivery:
    parameter = os.environ.get(environment.BOT_TOKEN_PARAMETER)
    return Delivery(
        team_id=os.environ[environment.TEAM_ID],
        client=WebClient(),
        bot_token=BotToken(parameter) if parameter else None,
    )
