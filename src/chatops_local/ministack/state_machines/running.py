"""Which execution the present thread works for: its state machine, its role, and how to stop it."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field

from chatops_local.ministack.permissions.authorization import Principal
from chatops_local.ministack.private import Untyped, private
from chatops_local.ministack.state_machines import scopes

_run_execution = private("services.stepfunctions:_run_execution", "exec_arn")
_executions = private("services.stepfunctions:_executions")
_state_machines = private("services.stepfunctions:_state_machines")

_SESSION_LENGTH = 64


@dataclass
class Running:
    """A running execution.

    Args:
        arn: its ARN.
        state_machine: the ARN of its state machine.
        principal: the role it acts in.
    """

    arn: str
    state_machine: str
    principal: Principal
    scope: scopes.Scope = field(default_factory=scopes.Scope)
    """Stops it."""


_current: ContextVar[Running | None] = ContextVar("chatops_local_running_execution", default=None)
_all: dict[str, Running] = {}


def running() -> Running | None:
    """The execution of this thread. The threads of Parallel and Map inherit it."""
    return _current.get()


def stop(execution_arn: str) -> None:
    """Wake and end everything in an execution, if it still runs."""
    execution = _all.get(execution_arn)
    if execution is not None:
        execution.scope.stop()


def apply() -> None:
    """Remember the execution while it runs."""

    def remembering(original: Untyped) -> Untyped:
        def run_execution(exec_arn: str) -> None:
            execution = _executions.get()[exec_arn]
            machine = execution["stateMachineArn"]
            role = _state_machines.get()[machine]["roleArn"]
            session = execution["name"][:_SESSION_LENGTH]
            own = Running(exec_arn, machine, Principal(role, session, exec_arn.split(":")[3]))
            _all[exec_arn] = own
            token = _current.set(own)
            try:
                with scopes.entered(own.scope):
                    original(exec_arn)
            except scopes.StoppedError:
                # Whoever stopped it has written how it ended.
                return
            finally:
                _current.reset(token)
                del _all[exec_arn]

        return run_execution

    _run_execution.wrap(remembering)
