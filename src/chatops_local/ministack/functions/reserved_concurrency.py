"""Reserved concurrency from templates, which MiniStack only knows from its API.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_local.ministack.private import Untyped, private

if TYPE_CHECKING:
    from collections.abc import Mapping

_resource_handlers = private("services.cloudformation.provisioners:_RESOURCE_HANDLERS")
_functions = private("services.lambda_svc:_functions")
_reserved_concurrency = private("services.lambda_svc:_reserved_concurrency", "func, config")

_PROPERTY = "ReservedConcurrentExecutions"


def apply() -> None:
    """Reserve what a template reserves."""
    handlers = _resource_handlers.get()["AWS::Lambda::Function"]
    handlers["create"] = _reserving(handlers["create"], properties_at=1)
    handlers["update"] = _reserving(handlers["update"], properties_at=2)


def _reserving(original: Untyped, *, properties_at: int) -> Untyped:
    def provision(*arguments: Any, **options: Any) -> Untyped:  # noqa: ANN401 - MiniStack's arguments
        name, attributes = original(*arguments, **options)
        _reserve(name, arguments[properties_at])
        return name, attributes

    return provision


def _reserve(name: str, properties: Mapping[str, Any]) -> None:
    function = _functions.get()[name]
    if _PROPERTY in properties:
        function["concurrency"] = int(properties[_PROPERTY])
    else:
        function.pop("concurrency", None)
