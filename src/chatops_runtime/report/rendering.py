"""From a report to what is said: one renderer for each kind of result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from chatops_runtime import log_line
from chatops_runtime.contracts import log_search as log_search_contract
from chatops_runtime.contracts import report as contract
from chatops_runtime.report import declined, ending, failure, log_search, reply, run_command, workflow
from chatops_runtime.report.account import Account
from chatops_runtime.slack import mrkdwn
from chatops_runtime.slack.message import Message

if TYPE_CHECKING:
    from chatops_runtime.report.report import Report


class Renderer(Protocol):
    """Says what a result of one kind is."""

    def __call__(self, report: Report, result: dict[str, Any], *, files: bool) -> Account:
        """What is said of `result`; `files` is whether a file may be uploaded."""


RENDERERS: dict[str, Renderer] = {
    contract.RUN_COMMAND: run_command.render,
    contract.REPLY: reply.render,
    contract.WORKFLOW: workflow.render,
    contract.DECLINED: declined.render,
    log_search_contract.KIND: log_search.render,
}
"""By the result's kind."""


def render(report: Report, *, files: bool) -> Account:
    """What to say about `report`. Whatever it holds, something is said.

    Args:
        report: What is to be reported.
        files: Whether a file may be uploaded.
    """
    try:
        if report.outcome["status"] == contract.FAILED:
            return Account((failure.render(report, report.outcome),))
        if report.outcome["status"] == contract.ENDED:
            return Account((ending.render(report, report.outcome),))
        result = report.outcome["result"]
        return RENDERERS[result["kind"]](report, result, files=files)
    except Exception as error:  # noqa: BLE001 - a result that cannot be shown must not be a result that nobody hears of
        log_line.write(log_line.ERROR, "not_rendered", id=report.id, **log_line.describe(error))
        problem = mrkdwn.code(f"{type(error).__name__} in a result of the kind {report.kind}")
        sorry = Message(f":x: {report.command} is over, but its result cannot be shown: {problem} {report.origin}")
        return Account((sorry,))
