"""JSONata states where MiniStack treats them like JSONPath states, and the scope of variables.

https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
"""

from __future__ import annotations

import threading
from contextvars import copy_context
from typing import TYPE_CHECKING, Any

from chatops_local.ministack.private import Untyped, private

if TYPE_CHECKING:
    from collections.abc import Mapping

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
_apply_output_path = private("services.stepfunctions:_apply_output_path", "state_def, data, ctx")
_run_sub_machine = private("services.stepfunctions:_run_sub_machine", "states, start_at, input_data, execution, ctx")
_run_parallel_branches = private(
    "services.stepfunctions:_run_parallel_branches", "state_def, raw_input, execution, ctx"
)
_next_or_end = private("services.stepfunctions:_next_or_end", "state_def")
_ExecutionError = private("services.stepfunctions:_ExecutionError", "error, cause")


def apply() -> None:
    """Correct Assign, Succeed, Parallel and the scope of variables."""
    _apply_state_assign.wrap(_assigning_all_at_once)
    _apply_output_path.wrap(_with_output_of_succeed)
    _run_sub_machine.wrap(_in_its_own_scope)
    _run_parallel_branches.wrap(_with_jsonata_fields)


def _is_jsonata(state: Mapping[str, Any], context: object) -> bool:
    language: str = _query_language.get()(state, context)
    return language == "JSONata"


def _assigning_all_at_once(_original: Untyped) -> Untyped:
    """No expression of an Assign sees what another one of it assigns."""

    def apply_state_assign(
        state_def: Mapping[str, Any],
        raw_input: object,
        ctx: dict[str, Any] | None,
        result: object = None,
        error_output: object = None,
    ) -> None:
        assign = state_def.get("Assign")
        if ctx is None or not isinstance(assign, dict) or not _is_jsonata(state_def, ctx):
            return
        values = {
            name: _apply_template.get()(template, raw_input, ctx, result=result, error_output=error_output)
            for name, template in assign.items()
        }
        ctx.setdefault("variables", {}).update(values)

    return apply_state_assign


def _with_output_of_succeed(original: Untyped) -> Untyped:
    def apply_output_path(state_def: Mapping[str, Any], data: object, ctx: object = None) -> Untyped:
        if state_def.get("Type") == "Succeed" and _is_jsonata(state_def, ctx):
            return _apply_output.get()(state_def, data, ctx, default=data)
        return original(state_def, data, ctx)

    return apply_output_path


def _in_its_own_scope(original: Untyped) -> Untyped:
    """The states of a branch or an iteration see the variables outside, and what they assign stays inside."""

    def run_sub_machine(
        states: object, start_at: object, input_data: object, execution: object, ctx: dict[str, Any]
    ) -> Untyped:
        return original(states, start_at, input_data, execution, {**ctx, "variables": dict(ctx.get("variables", {}))})

    return run_sub_machine


def _with_jsonata_fields(original: Untyped) -> Untyped:
    """Arguments, Output and Assign of a Parallel state."""

    def run_parallel_branches(
        state_def: Mapping[str, Any], raw_input: object, execution: object, ctx: dict[str, Any]
    ) -> Untyped:
        if not _is_jsonata(state_def, ctx):
            return original(state_def, raw_input, execution, ctx)
        arguments = _apply_template.get()(state_def["Arguments"], raw_input, ctx) if "Arguments" in state_def else None
        branch_input = raw_input if arguments is None else arguments
        results = _run_branches(state_def.get("Branches", []), branch_input, execution, ctx)
        output = _apply_output.get()(state_def, raw_input, ctx, result=results, default=results)
        _apply_state_assign.get()(state_def, raw_input, ctx, result=results)
        return output, _next_or_end.get()(state_def)

    return run_parallel_branches


def _run_branches(
    branches: list[dict[str, Any]], branch_input: object, execution: object, ctx: dict[str, Any]
) -> list[object]:
    results: list[object] = [None] * len(branches)
    errors: list[Exception] = []

    def run(index: int, branch: dict[str, Any]) -> None:
        try:
            results[index] = _run_sub_machine.get()(branch["States"], branch["StartAt"], branch_input, execution, ctx)
        except Exception as error:  # noqa: BLE001 - it ends the Parallel state, below
            errors.append(error)

    threads = [
        threading.Thread(target=copy_context().run, args=(run, index, branch), daemon=True)
        for index, branch in enumerate(branches)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for error in errors:
        raise error if isinstance(error, _ExecutionError.get()) else _ExecutionError.get()("States.Runtime", str(error))
    return results
