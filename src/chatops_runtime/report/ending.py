"""The message for an execution that was ended from outside, or by what no state can catch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_runtime.contracts import report as contract
from chatops_runtime.report import failure, lookup
from chatops_runtime.slack import mrkdwn
from chatops_runtime.slack.message import Message

if TYPE_CHECKING:
    from chatops_runtime.report.report import Report

_WORDS = {
    contract.ABORTED: "was stopped before its result was told",
    contract.TIMED_OUT: "came to no result in its time and was ended",
}
_FAILED = "was ended by an error of its state machine"


def render(report: Report, outcome: dict[str, Any]) -> Message:
    """How it ended, what that leaves behind, and where to look further."""
    words = _WORDS.get(outcome["ended"], _FAILED)
    why = failure.reason(outcome) if outcome.get("error") or outcome.get("cause") else ""
    return Message(
        f":x: {report.command} {words}{f': {mrkdwn.literal(why)}' if why else ''} {report.origin}\n"
        "What it had started may still be running.\n"
        f"{lookup.advice(report)}"
    )
