"""What is said of a workflow that a command started: what came of it, or how it failed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from chatops_runtime import console
from chatops_runtime.contracts import report as contract
from chatops_runtime.report import failure, following, lookup, reply
from chatops_runtime.report.account import Account
from chatops_runtime.report.pages import FOR_A_REMARK, Passage, fill, most_messages
from chatops_runtime.slack import mrkdwn, text_budget
from chatops_runtime.slack.message import Message
from chatops_runtime.slack.plain_text import clean

if TYPE_CHECKING:
    from chatops_runtime.report.report import Report

_WORDS = {
    contract.ABORTED: "was stopped: somebody stopped its workflow",
    contract.TIMED_OUT: "failed: its workflow came to no end in its own time",
    "FAILED": "failed",
}
_NOT_OVER = "is not over: its workflow is still running"


def render(report: Report, result: dict[str, Any], *, files: bool) -> Account:
    """The workflow's output as an answer if it is one, and as JSON otherwise; or its error and cause."""
    if not result["ok"]:
        return Account((_failed(report, result),))
    output = result["output"] or None if isinstance(result["output"], dict) else result["output"]
    if not result["output_cut"] and (output is None or isinstance(output, str) or reply.problem(output) is None):
        return reply.render(report, {"reply": output}, files=files)
    return _laid_out(report, result, files=files)


def _laid_out(report: Report, result: dict[str, Any], *, files: bool) -> Account:
    output = result["output"]
    text = clean(output if isinstance(output, str) else json.dumps(output, ensure_ascii=False, indent=2))
    verdict = f":white_check_mark: {report.command} succeeded {report.origin}"
    if result["output_cut"]:
        verdict = f"{verdict}\nIts output is too long to be shown as a whole: all of it is in {_execution(result)}."
    first, *others = fill(
        [Passage.output(verdict, text)],
        most=most_messages(report.used),
        room=text_budget.MESSAGE - FOR_A_REMARK,
        ending=lambda missing: f"(This answer was cut: {missing:,} of {len(text):,} characters are missing.)",
    )
    if not others:
        return Account((Message(first),))
    beginning = Message(f"{first}\n{following.announcement(report, files=files)}")
    return Account((beginning, *map(Message, others)), following.file(report, text) if files else None)


def _failed(report: Report, result: dict[str, Any]) -> Message:
    if result["error"] == contract.GIVEN_UP_ERROR:
        words = "was not over in time, and its workflow was stopped"
    else:
        words = _WORDS.get(result["status"], _NOT_OVER)
    told = result["error"] or result["cause"]
    why = f": {mrkdwn.literal(failure.reason(result))}" if told else ""
    return Message(
        f":x: {report.command} {words}{why} {report.origin}\n"
        f"What it did is in {_execution(result)}.\n{lookup.advice(report)}"
    )


def _execution(result: dict[str, Any]) -> str:
    page = console.execution(result["execution_arn"])
    return f"<{mrkdwn.escape(page)}|the workflow's execution>" if page else "the workflow's execution"
