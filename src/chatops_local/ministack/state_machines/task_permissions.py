"""Every task is judged by the role of its state machine, on every integration pattern, before it does anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_local.ministack.permissions.authorization import first_denial
from chatops_local.ministack.permissions.table import UncheckableError
from chatops_local.ministack.private import Untyped, private
from chatops_local.ministack.state_machines.integrations import Integration
from chatops_local.ministack.state_machines.running import running

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_local.ministack.permissions.place import Place

_invoke_resource = private("services.stepfunctions:_invoke_resource", "resource, input_data")
_ExecutionError = private("services.stepfunctions:_ExecutionError", "error, cause")

REFUSED = "States.Runtime"
"""What cannot be checked fails with an error that no ``States.ALL`` catches, so that it cannot go unnoticed."""


def apply(place: Place) -> None:
    """Check roles where every task makes its call, whether it then waits for a token or not."""

    def checked(original: Untyped) -> Untyped:
        def invoke_resource(resource: str, input_data: Mapping[str, Any]) -> Untyped:
            check(resource, input_data, place)
            return original(resource, input_data)

        return invoke_resource

    _invoke_resource.wrap(checked)


def check(resource: str, arguments: Mapping[str, Any], place: Place) -> None:
    """Raise what Step Functions gives a task that its role may not run."""
    execution = running()
    if execution is None:
        raise _ExecutionError.get()(REFUSED, "a task outside an execution has no role and is not emulated")
    try:
        integration = Integration.parse(resource)
        accesses = integration.accesses(arguments, place.at(execution.principal.region))
    except UncheckableError as error:
        raise _ExecutionError.get()(REFUSED, str(error)) from error
    except KeyError as error:
        raise _ExecutionError.get()(REFUSED, f"the arguments of {resource} have no {error}") from error
    denial = first_denial(execution.principal, accesses)
    if denial is not None:
        raise _ExecutionError.get()(integration.denial, denial)
