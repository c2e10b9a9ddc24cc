"""JSONata states where MiniStack treats them like JSONPath states.

https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
"""

from __future__ import annotations

from contextvars import ContextVar
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
_ExecutionError = private("services.stepfunctions:_ExecutionError", "error, cause")

outer_variables: ContextVar[frozenset[str]] = ContextVar("chatops_local_outer_variables", default=frozenset())
"""Those that the states of a branch or an iteration see and cannot assign to."""


def apply() -> None:
    """Correct Assign and Succeed."""
    _apply_state_assign.wrap(_assigning_all_at_once)
    _apply_output_path.wrap(_with_output_of_succeed)


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
        for name in outer_variables.get() & assign.keys():
            text = f"the variable ${name} belongs to an outer scope; a branch or an iteration can read it only"
            raise _ExecutionError.get()("States.Runtime", text)
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
