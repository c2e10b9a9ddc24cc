"""From a report to what is said: one renderer for each kind of result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_runtime import log_line
from chatops_runtime.contracts import report as contract
from chatops_runtime.report import ending, failure, reply, run_command
from chatops_runtime.slack import mrkdwn
from chatops_runtime.slack.message import Message

if TYPE_CHECKING:
    from collections.abc import Callable

    from chatops_runtime.report.report import Report

RENDERERS: dict[str, Callable[[Report, dict[str, Any]], list[Message]]] = {
    contract.RUN_COMMAND: run_command.render,
    contract.REPLY: reply.render,
}
"""By the result's kind. A renderer returns messages in the order in which they are to be delivered."""


def render(report: Report) -> list[Message]:
    """What to say about `report`. Whatever it holds, something is said."""
    try:
        if report.outcome["status"] == contract.FAILED:
            return failure.render(report, report.outcome)
        if report.outcome["status"] == contract.ENDED:
            return ending.render(report, report.outcome)
        result = report.outcome["result"]
        return RENDERERS[result["kind"]](report, result)
    except Exception as error:  # noqa: BLE001 - a result that cannot be shown must not be a result that nobody hears of
        log_line.write(log_line.ERROR, "not_rendered", id=report.id, **log_line.describe(error))
        problem = mrkdwn.code(f"{type(error).__name__} in a result of the kind {report.kind}")
        return [Message(f":x: {report.command} is over, but its result cannot be shown: {problem} {report.origin}")]
