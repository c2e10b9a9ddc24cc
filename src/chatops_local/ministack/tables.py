"""Time to live of tables that CloudFormation makes, which MiniStack only knows from its API.

Expired items are still there for a while, as on AWS:
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/howitworks-ttl.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_local.ministack.private import Untyped, private

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_local.ministack.emulator import Emulator

_resource_handlers = private("services.cloudformation.provisioners:_RESOURCE_HANDLERS")
_update_ttl = private("services.dynamodb:_update_ttl", "data")
_ttl_settings = private("services.dynamodb:_ttl_settings")


def apply(_emulator: Emulator) -> None:
    """Enable what a template enables."""
    handlers = _resource_handlers.get()["AWS::DynamoDB::Table"]
    handlers["create"] = _with_time_to_live(handlers["create"], properties_at=1)
    handlers["update"] = _with_time_to_live(handlers["update"], properties_at=2)


def _with_time_to_live(original: Untyped, *, properties_at: int) -> Untyped:
    def provision(*arguments: Any, **options: Any) -> Untyped:  # noqa: ANN401 - MiniStack's arguments
        name, attributes = original(*arguments, **options)
        _set(name, arguments[properties_at])
        return name, attributes

    return provision


def _set(name: str, properties: Mapping[str, Any]) -> None:
    specification = properties.get("TimeToLiveSpecification")
    if specification is None:
        _ttl_settings.get().pop(name, None)
        return
    enabled = str(specification.get("Enabled", False)).lower() == "true"
    _update_ttl.get()(
        {
            "TableName": name,
            "TimeToLiveSpecification": {"AttributeName": specification["AttributeName"], "Enabled": enabled},
        }
    )
