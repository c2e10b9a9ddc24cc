"""What is stopped does nothing more: it wakes from its waits and makes no call.

MiniStack lets every thread run to its end: a branch whose Parallel state has failed, and the states of an execution
that StopExecution has ended.
"""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from chatops_local.ministack.private import Untyped, private
from chatops_local.ministack.state_machines import running, scopes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_local.ministack.emulator import Emulator

_scaled_sleep = private("services.stepfunctions:_scaled_sleep", "seconds")
_time = private("services.stepfunctions:time")
_invoke_resource = private("services.stepfunctions:_invoke_resource", "resource, input_data")
_stop_execution = private("services.stepfunctions:_stop_execution", "data")
_executions = private("services.stepfunctions:_executions")


def apply(emulator: Emulator) -> None:
    """Make waits and calls obey the scope of their thread."""
    scale = emulator.settings.time_scale
    _scaled_sleep.wrap(lambda _original: lambda seconds: scopes.current().sleep(seconds * scale))
    # What is left of sleeping there is a pause of 0.15 seconds, unscaled, before the first state of every execution.
    _time.set(SimpleNamespace(time=time.time, sleep=lambda _seconds: None))
    _invoke_resource.wrap(_unless_stopped)
    _stop_execution.wrap(_waking)


def _unless_stopped(original: Untyped) -> Untyped:
    def invoke_resource(resource: str, input_data: object) -> Untyped:
        scope = scopes.current()
        scope.check()
        result = original(resource, input_data)
        scope.check()
        return result

    return invoke_resource


def _waking(original: Untyped) -> Untyped:
    def stop_execution(data: Mapping[str, Any]) -> Untyped:
        answer = original(data)
        execution = _executions.get().get(data.get("executionArn"))
        if execution is not None and execution["status"] == "ABORTED":
            running.stop(execution["executionArn"])
        return answer

    return stop_execution
