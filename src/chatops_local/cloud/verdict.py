"""Whether a slash command went well, and if not, why."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Protocol

from chatops_runtime.contracts.request import short_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from chatops_local.cloud.executions import Execution
    from chatops_local.slack import SentCommand, SentEvent

_MOST_OF_A_CAUSE = 500
_LONGEST_NAME = 36


class Ended(Protocol):
    """What has to be known of an execution."""

    @property
    def arn(self) -> str:
        """Its ARN."""

    @property
    def status(self) -> str:
        """Its status."""

    @property
    def error(self) -> str:
        """What ended it; empty if nothing did."""

    @property
    def cause(self) -> str:
        """What goes with the error."""


def problems_of(
    sent: SentCommand, executions: Sequence[Execution], *, timed_out_after: float | None = None
) -> list[str]:
    """What went wrong with a command that is over, or that was given up; empty if nothing did.

    Args:
        sent: The command.
        executions: What it started.
        timed_out_after: After how many seconds it was given up. Default: it is over.
    """
    if not sent.ack.ok:
        return [f"Slack shows {sent.ack.error}: {sent.ack.problem}"]
    problems = problems_of_executions(executions)
    if timed_out_after is not None:
        problems.append(_unfinished(executions, timed_out_after))
    elif executions and not sent.is_answered:
        problems.append("no message came after the ack")
    return problems


def problems_of_event(
    sent: SentEvent, executions: Sequence[Execution], *, timed_out_after: float | None = None
) -> list[str]:
    """What went wrong with an event that is over, or that was given up. That nothing is said to it is no problem."""
    refused = [] if sent.ack.ok else [f"Slack delivers it again: {sent.ack.error}: {sent.ack.problem}"]
    unfinished = [] if timed_out_after is None else [_unfinished(executions, timed_out_after)]
    return [*refused, *problems_of_executions(executions), *unfinished]


def _unfinished(executions: Sequence[Execution], seconds: float) -> str:
    running = "its execution is still running" if executions else "no execution was started"
    return f"no result after {seconds:g} s: {running}"


def problems_of_executions(executions: Iterable[Ended]) -> list[str]:
    """What ended some of them, in the order in which they are given."""
    return [
        f"execution {_name(each)} is {each.status}" + _because(each)
        for each in executions
        if each.status not in ("SUCCEEDED", "RUNNING")
    ]


def _name(execution: Ended) -> str:
    """Its name; of a long one, the part that people see in messages."""
    name = execution.arn.rpartition(":")[2]
    return name if len(name) <= _LONGEST_NAME else f"{short_id(name)}…"


def _because(execution: Ended) -> str:
    cause = " ".join(_message_in(execution.cause).split())[:_MOST_OF_A_CAUSE]
    return "".join(f": {text}" for text in (execution.error, cause) if text)


def _message_in(cause: str) -> str:
    """The message of a function's error, whose cause is JSON with a stack trace; of any other cause, all of it."""
    try:
        return str(json.loads(cause)["errorMessage"])
    except (KeyError, TypeError, ValueError):
        return cause
