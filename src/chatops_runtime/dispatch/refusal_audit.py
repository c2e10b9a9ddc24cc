"""The audit line of a command that was refused: a state machine keeps it, as it does those of commands that run."""

from __future__ import annotations

from chatops_runtime.contracts.audit import OF_THE_REQUEST, VERSION
from chatops_runtime.dispatch.aws_client import AwsError, AwsUnreachableError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from chatops_runtime.contracts.request import CommandRequest
    from chatops_runtime.dispatch.executions import Executions
    from chatops_runtime.dispatch.invocation import Invocation

LONGEST_FIELD = 3_000
"""Characters of a line's field: a refusal is to be kept however much was typed."""


class RefusalAudit:
    """Starts the state machine for refusals."""

    def __init__(self, executions: Executions, machine: str | None) -> None:
        """By means of `executions`, the machine of the commands table; None if it names none."""
        self._executions = executions
        self._machine = machine

    def keep(self, reason: str, request: CommandRequest, name: str, invocation: Invocation) -> None:
        """Have the line written. If that fails, the log says so, and the user is answered all the same.

        Args:
            reason: Why the command was refused, of `chatops_runtime.contracts.request_log`.
            request: What would have been the execution's input.
            name: What would have been the execution's name.
            invocation: Where the machine is, until when to answer, and what the log says.
        """
        if self._machine is None:
            invocation.note(not_audited="the commands table names no state machine for refusals")
            return
        refusal = {"version": VERSION, "id": name, "reason": reason, "request": _shortened(request)}
        try:
            self._executions.start(invocation.machine_arn(self._machine), name, refusal, invocation.deadline)
        except (AwsError, AwsUnreachableError) as error:
            invocation.note(not_audited=str(error))


def _shortened(request: CommandRequest) -> dict[str, Any]:
    fields: dict[str, Any] = dict(request)
    return {name: fields[name][:LONGEST_FIELD] for name in OF_THE_REQUEST}
