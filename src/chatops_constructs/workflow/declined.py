"""The result of a command that does not run, as an expression and as a last state."""

from __future__ import annotations

from typing import Any

from chatops_constructs.workflow.asl import expr, literal
from chatops_runtime.contracts import report


def declined(*, reason: str, by: str = "[]", detail: str = "''") -> str:
    """A JSONata expression for the result of the kind `declined`; every argument is an expression too.

    Args:
        reason: Why, a word of `chatops_runtime.contracts.report.DECLINED_REASONS`.
        by: Whose doing it is, an array of users' ids. Default: nobody's.
        detail: What the contract says for the reason. Default: nothing.
    """
    return f"{{'kind': '{report.DECLINED}', 'ok': false, 'reason': {reason}, 'by': {by}, 'detail': {detail}}}"


def changed(what: str) -> dict[str, Any]:
    """A last state of an action: what would run is not what was shown.

    Args:
        what: What changed, in plain words.
    """
    return {
        "Type": "Pass",
        "Output": expr(declined(reason=f"'{report.CHANGED}'", detail=literal(what))),
        "End": True,
    }
