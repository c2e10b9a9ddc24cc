"""The message for an execution that was ended from outside, or by what no state can catch."""

from __future__ import annotations

import re
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
_USER = re.compile(r"[UW][A-Z0-9]{1,31}")


def render(report: Report, outcome: dict[str, Any]) -> Message:
    """How it ended, what that leaves behind, and where to look further."""
    if outcome.get("error") == contract.CANCELLED_ERROR:
        return _cancelled(report, str(outcome.get("cause") or ""))
    words = _WORDS.get(outcome["ended"], _FAILED)
    why = failure.reason(outcome) if outcome.get("error") or outcome.get("cause") else ""
    return Message(
        f":x: {report.command} {words}{f': {mrkdwn.literal(why)}' if why else ''} {report.origin}\n"
        "What it had started may still be running.\n"
        f"{lookup.advice(report)}"
    )


def _cancelled(report: Report, cause: str) -> Message:
    by = f" by {mrkdwn.user(cause)}" if _USER.fullmatch(cause) else ""
    return Message(
        f":no_entry_sign: {report.command} was cancelled{by} {report.origin}\n"
        "Scripts and workflows that it was running were told to stop; what had been done by then stays done.\n"
        f"{lookup.advice(report)}"
    )
