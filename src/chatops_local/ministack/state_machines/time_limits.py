"""TimeoutSeconds: of tasks that wait for a token, in scaled time, and of whole executions."""

from __future__ import annotations

import json
import re
import threading
from typing import TYPE_CHECKING, Any

from chatops_local.ministack.private import Untyped, private
from chatops_local.ministack.state_machines import running, task_events
from chatops_local.ministack.state_machines.records import is_express_execution

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_local.ministack.emulator import Emulator

_execute_task = private("services.stepfunctions:_execute_task", "state_def, raw_input, execution, ctx")
_run_execution = private("services.stepfunctions:_run_execution", "exec_arn")
_fail_execution = private("services.stepfunctions:_fail_execution", "execution, error, cause")
_apply_template = private(
    "services.stepfunctions:_apply_jsonata_template", "value, raw_input, ctx, result, error_output"
)
_ExecutionError = private("services.stepfunctions:_ExecutionError", "error, cause")
_add_event = private("services.stepfunctions:_add_event", "execution, event_type, details")
_emit_status = private("services.stepfunctions:_emit_execution_status_event", "execution")
_now_iso = private("services.stepfunctions:now_iso", "")
_executions = private("services.stepfunctions:_executions")
_state_machines = private("services.stepfunctions:_state_machines")

MOST_SECONDS = 99_999_999
"""https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html"""

_WAITS = re.compile(r"\.(waitForTaskToken|sync(:2)?)$")

EXPRESS_SECONDS = 300
"""https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html#service-limits-state-machine-executions"""

_LEAST_EXPRESS_SECONDS = 2.0
"""Of this machine's time: however fast AWS's goes, what an Express execution does takes as long as it takes."""


def apply(emulator: Emulator) -> None:
    """Keep the time limits that MiniStack does not keep."""
    scale = emulator.settings.time_scale
    _execute_task.wrap(lambda original: _with_scaled_timeout(original, scale))
    _run_execution.wrap(lambda original: _with_limit(original, scale))
    _fail_execution.wrap(_only_while_running)
    emulator.calls.update(time_out_execution=lambda execution: _time_out(_executions.get()[execution]))


def _with_scaled_timeout(original: Untyped, scale: float) -> Untyped:
    def execute_task(state_def: dict[str, Any], raw_input: object, execution: object, ctx: object) -> Untyped:
        task = _task(state_def, raw_input, ctx)
        if task.timeout is not None:
            # A function takes as long as it takes; only waiting for somebody else is waiting that scales.
            waits = _WAITS.search(state_def["Resource"])
            state_def = {**state_def, "TimeoutSeconds": task.timeout * scale if waits else task.timeout}
        with task_events.of(task):
            return original(state_def, raw_input, execution, ctx)

    return execute_task


def _task(state: Mapping[str, Any], raw_input: object, ctx: object) -> task_events.Task:
    if "TimeoutSeconds" not in state:
        return task_events.Task()
    try:
        return task_events.Task(_timeout(_apply_template.get()(state["TimeoutSeconds"], raw_input, ctx)))
    except _ExecutionError.get() as error:
        return task_events.Task(refusal=error)


def _timeout(seconds: object) -> int:
    """What the field's expression gave, if the field takes it.

    https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html: a value of another type, or out of the
    field's range, is an error of its expression.
    """
    # JSON's true is no number, and JSONata gives whole numbers as either kind.
    number = seconds if isinstance(seconds, (int, float)) and not isinstance(seconds, bool) else 0
    if number == int(number) and 0 < number <= MOST_SECONDS:
        return int(number)
    text = f"The value of TimeoutSeconds is {json.dumps(seconds)}; it must be an integer from 1 to {MOST_SECONDS}"
    raise _ExecutionError.get()("States.QueryEvaluationError", text)


def _with_limit(original: Untyped, scale: float) -> Untyped:
    def run_execution(exec_arn: str) -> None:
        execution = _executions.get()[exec_arn]
        definition: Mapping[str, Any] = json.loads(_state_machines.get()[execution["stateMachineArn"]]["definition"])
        seconds = definition.get("TimeoutSeconds")
        if is_express_execution(execution):
            real_seconds = max(min(seconds or EXPRESS_SECONDS, EXPRESS_SECONDS) * scale, _LEAST_EXPRESS_SECONDS)
        elif seconds is None:
            original(exec_arn)
            return
        else:
            real_seconds = seconds * scale
        limit = threading.Timer(real_seconds, _time_out, [execution])
        limit.daemon = True
        limit.start()
        try:
            original(exec_arn)
        finally:
            limit.cancel()

    return run_execution


def _time_out(execution: dict[str, Any]) -> None:
    if execution["status"] != "RUNNING":
        return
    execution["status"] = "TIMED_OUT"
    execution["error"] = "States.Timeout"
    execution["stopDate"] = _now_iso.get()()
    _add_event.get()(execution, "ExecutionTimedOut", {"executionTimedOutEventDetails": {"error": "States.Timeout"}})
    running.stop(execution["executionArn"])
    _emit_status.get()(execution)


def _only_while_running(original: Untyped) -> Untyped:
    def fail_execution(execution: dict[str, Any], error: str, cause: str) -> None:
        # What was stopped or has timed out stays so, whatever its last state still does.
        if execution["status"] == "RUNNING":
            original(execution, error, cause)

    return fail_execution
