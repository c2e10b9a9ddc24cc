"""Which execution the present thread works for: its state machine and its role."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatops_local.ministack.permissions.authorization import Principal
from chatops_local.ministack.private import Untyped, private

if TYPE_CHECKING:
    from chatops_local.ministack.emulator import Emulator

_run_execution = private("services.stepfunctions:_run_execution", "exec_arn")
_executions = private("services.stepfunctions:_executions")
_state_machines = private("services.stepfunctions:_state_machines")

_SESSION_LENGTH = 64


@dataclass(frozen=True)
class Running:
    """A running execution.

    Args:
        state_machine: the ARN of its state machine.
        principal: the role it acts in.
    """

    state_machine: str
    principal: Principal


_running: ContextVar[Running | None] = ContextVar("chatops_local_running_execution", default=None)


def running() -> Running | None:
    """The execution of this thread. The threads of Parallel and Map inherit it."""
    return _running.get()


def apply(emulator: Emulator) -> None:
    """Remember the execution while it runs."""

    def remembering(original: Untyped) -> Untyped:
        def run_execution(exec_arn: str) -> None:
            execution = _executions.get()[exec_arn]
            machine = execution["stateMachineArn"]
            role = _state_machines.get()[machine]["roleArn"]
            session = execution["name"][:_SESSION_LENGTH]
            token = _running.set(Running(machine, Principal(role, session, emulator.region)))
            try:
                original(exec_arn)
            finally:
                _running.reset(token)

        return run_execution

    _run_execution.wrap(remembering)
