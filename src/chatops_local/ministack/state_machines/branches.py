"""Parallel and Map states, and the states within their branches and iterations.

https://docs.aws.amazon.com/step-functions/latest/dg/state-parallel.html
https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html
"""

from __future__ import annotations

import copy
import json
from functools import partial
from typing import TYPE_CHECKING, Any

from chatops_local.ministack.private import Untyped, private
from chatops_local.ministack.state_machines import jsonata, scopes
from chatops_local.ministack.state_machines.concurrency import run_together

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_query_language = private("services.stepfunctions:_state_query_language", "state_def, ctx")
_apply_template = private(
    "services.stepfunctions:_apply_jsonata_template", "value, raw_input, ctx, result, error_output"
)
_apply_output = private(
    "services.stepfunctions:_apply_jsonata_output", "state_def, raw_input, ctx, result, error_output, default"
)
_apply_state_assign = private(
    "services.stepfunctions:_apply_state_assign", "state_def, raw_input, ctx, result, error_output"
)
_state_field = private("services.stepfunctions:_jsonata_state_field", "state_def, field, expected, raw_input, ctx")
_apply_input_path = private("services.stepfunctions:_apply_input_path", "state_def, data, ctx")
_apply_output_path = private("services.stepfunctions:_apply_output_path", "state_def, data, ctx")
_fail_state_error = private("services.stepfunctions:_fail_state_error", "state_def, raw_input, ctx")
_next_or_end = private("services.stepfunctions:_next_or_end", "state_def")
_add_event = private("services.stepfunctions:_add_event", "execution, event_type, details")
_now_iso = private("services.stepfunctions:now_iso", "")
_run_execution = private("services.stepfunctions:_run_execution", "exec_arn")
_run_sub_machine = private("services.stepfunctions:_run_sub_machine", "states, start_at, input_data, execution, ctx")
_run_parallel_branches = private(
    "services.stepfunctions:_run_parallel_branches", "state_def, raw_input, execution, ctx"
)
_run_map_items = private("services.stepfunctions:_run_map_items", "state_def, raw_input, execution, ctx")
_ExecutionError = private("services.stepfunctions:_ExecutionError", "error, cause")

_WITHOUT_CALLS = {
    "Pass": private("services.stepfunctions:_execute_pass", "state_def, raw_input, ctx"),
    "Choice": private("services.stepfunctions:_execute_choice", "state_def, raw_input, ctx"),
    "Wait": private("services.stepfunctions:_execute_wait", "state_def, raw_input, ctx"),
}
_WITH_CALLS = {
    "Task": private("services.stepfunctions:_execute_task", "state_def, raw_input, execution, ctx"),
    "Parallel": private("services.stepfunctions:_execute_parallel", "state_def, raw_input, execution, ctx"),
    "Map": private("services.stepfunctions:_execute_map", "state_def, raw_input, execution, ctx"),
}


def apply() -> None:
    """Run branches and iterations as AWS does, and write their states into the history."""
    _run_execution.wrap(_in_a_scope_of_its_own)
    _run_sub_machine.wrap(lambda _original: run_states)
    _run_parallel_branches.wrap(_with_jsonata(_parallel))
    _run_map_items.wrap(_with_jsonata(_map))


def _in_a_scope_of_its_own(original: Untyped) -> Untyped:
    def run_execution(exec_arn: str) -> None:
        # It may have been started within a branch of another execution.
        jsonata.outer_variables.set(frozenset())
        original(exec_arn)

    return run_execution


def run_states(
    states: Mapping[str, Any], start_at: str, input_data: object, execution: Untyped, ctx: Mapping[str, Any]
) -> object:
    """Run the states of a branch or an iteration.

    They see the variables outside but cannot assign to them, and what they assign stays inside:
    https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
    """
    own = {**ctx, "variables": dict(ctx.get("variables", {}))}
    # Every branch has a thread, and so a context, of its own.
    jsonata.outer_variables.set(frozenset(own["variables"]))
    name: str | None = start_at
    data = copy.deepcopy(input_data)
    while name:
        scopes.current().check()
        if name not in states:
            raise _ExecutionError.get()("States.Runtime", f"State '{name}' not found")
        data, name = _run_state(name, states[name], data, execution, own)
    return data


def _run_state(
    name: str, state: Mapping[str, Any], data: object, execution: Untyped, ctx: dict[str, Any]
) -> tuple[object, str | None]:
    kind = state["Type"]
    ctx["State"] = {"Name": name, "EnteredTime": _now_iso.get()(), "RetryCount": 0}
    entered = {"stateEnteredEventDetails": {"name": name, "input": json.dumps(data)}}
    _add_event.get()(execution, f"{kind}StateEntered", entered)
    output, following = _execute(kind, state, data, execution, ctx)
    scopes.current().check()
    exited = {"stateExitedEventDetails": {"name": name, "output": json.dumps(output)}}
    _add_event.get()(execution, f"{kind}StateExited", exited)
    return output, following


def _execute(
    kind: str, state: Mapping[str, Any], data: object, execution: Untyped, ctx: dict[str, Any]
) -> tuple[object, str | None]:
    if kind == "Fail":
        raise _ExecutionError.get()(*_fail_state_error.get()(state, data, ctx))
    if kind == "Succeed":
        return _apply_output_path.get()(state, _apply_input_path.get()(state, data, ctx), ctx), None
    if kind in _WITHOUT_CALLS:
        output, following = _WITHOUT_CALLS[kind].get()(state, data, ctx)
    elif kind in _WITH_CALLS:
        output, following = _WITH_CALLS[kind].get()(state, data, execution, ctx)
    else:
        raise _ExecutionError.get()("States.Runtime", f"Unknown state type: {kind}")
    return output, following


def _with_jsonata(run: Callable[..., list[object]]) -> Callable[[Untyped], Untyped]:
    """What runs a JSONata Parallel or Map state by ``run``; JSONPath states stay with MiniStack."""

    def correction(original: Untyped) -> Untyped:
        def run_state(state_def: Mapping[str, Any], raw_input: object, execution: object, ctx: Untyped) -> Untyped:
            if _query_language.get()(state_def, ctx) != "JSONata":
                return original(state_def, raw_input, execution, ctx)
            try:
                results = run(state_def, raw_input, execution, ctx)
            except _ExecutionError.get():
                raise
            except Exception as error:
                raise _ExecutionError.get()("States.Runtime", str(error)) from error
            output = _apply_output.get()(state_def, raw_input, ctx, result=results, default=results)
            _apply_state_assign.get()(state_def, raw_input, ctx, result=results)
            return output, _next_or_end.get()(state_def)

        return run_state

    return correction


def _parallel(state: Mapping[str, Any], raw_input: object, execution: object, ctx: Mapping[str, Any]) -> list[object]:
    branch_input = _apply_template.get()(state["Arguments"], raw_input, ctx) if "Arguments" in state else raw_input
    return run_together(
        [
            partial(_run_sub_machine.get(), branch["States"], branch["StartAt"], branch_input, execution, ctx)
            for branch in state["Branches"]
        ]
    )


def _map(state: Mapping[str, Any], raw_input: object, execution: object, ctx: Mapping[str, Any]) -> list[object]:
    items = _state_field.get()(state, "Items", "array", raw_input, ctx) if "Items" in state else raw_input
    most_at_once = 0
    if "MaxConcurrency" in state:
        most_at_once = int(_state_field.get()(state, "MaxConcurrency", "number", raw_input, ctx))
    processor = state.get("ItemProcessor") or state["Iterator"]

    def iteration(index: int, item: object) -> object:
        own = {**ctx, "Map": {"Item": {"Index": index, "Value": item}}}
        selector = state.get("ItemSelector")
        given = _apply_template.get()(selector, raw_input, own) if selector else item
        return _run_sub_machine.get()(processor["States"], processor["StartAt"], given, execution, own)

    listed = items if isinstance(items, list) else [items]
    return run_together([partial(iteration, index, item) for index, item in enumerate(listed)], most_at_once)
