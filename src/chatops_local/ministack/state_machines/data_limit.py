"""The most that a state may take over or hand on: 262,144 bytes.

https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html#service-limits-task-executions
"""

from __future__ import annotations

import json

from chatops_local.ministack.private import Untyped, private

_ExecutionError = private("services.stepfunctions:_ExecutionError", "error, cause")
_invoke_resource = private("services.stepfunctions:_invoke_resource", "resource, input_data")
_HANDLERS = (
    private("services.stepfunctions:_execute_pass", "state_def, raw_input, ctx"),
    private("services.stepfunctions:_execute_task", "state_def, raw_input, execution, ctx"),
    private("services.stepfunctions:_execute_map", "state_def, raw_input, execution, ctx"),
    private("services.stepfunctions:_execute_parallel", "state_def, raw_input, execution, ctx"),
)

MAXIMUM_BYTES = 262_144


def apply() -> None:
    """Fail executions whose data grow too large, with the error that no ``States.ALL`` catches."""
    _invoke_resource.wrap(_with_limited_result)
    for handler in _HANDLERS:
        handler.wrap(_with_limited_output)


def _with_limited_result(original: Untyped) -> Untyped:
    def invoke_resource(resource: str, input_data: object) -> Untyped:
        result = original(resource, input_data)
        _check(result, f"The task {resource}")
        return result

    return invoke_resource


def _with_limited_output(original: Untyped) -> Untyped:
    def execute(*arguments: object) -> Untyped:
        output, next_state = original(*arguments)
        _check(output, "The state/task")
        return output, next_state

    return execute


def _check(data: object, whose: str) -> None:
    if len(json.dumps(data, ensure_ascii=False).encode()) > MAXIMUM_BYTES:
        cause = f"{whose} returned a result with a size exceeding the maximum number of bytes service limit."
        raise _ExecutionError.get()("States.DataLimitExceeded", cause)
