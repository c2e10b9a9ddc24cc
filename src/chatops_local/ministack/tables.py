"""Time to live and keys of tables that CloudFormation makes, which MiniStack only knows from its API.

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
_tables = private("services.dynamodb:_tables")
_sse_description_from_spec = private("services.dynamodb:_sse_description_from_spec", "spec")


def apply(_emulator: Emulator) -> None:
    """Enable what a template enables."""
    handlers = _resource_handlers.get()["AWS::DynamoDB::Table"]
    handlers["create"] = _completing(handlers["create"], properties_at=1)
    handlers["update"] = _completing(handlers["update"], properties_at=2)


def _completing(original: Untyped, *, properties_at: int) -> Untyped:
    def provision(*arguments: Any, **options: Any) -> Untyped:  # noqa: ANN401 - MiniStack's arguments
        name, attributes = original(*arguments, **options)
        _set_time_to_live(name, arguments[properties_at])
        _set_key(name, arguments[properties_at])
        return name, attributes

    return provision


def _set_key(name: str, properties: Mapping[str, Any]) -> None:
    specification = properties.get("SSESpecification") or {}
    # CloudFormation has another name for it than the API.
    enabled = str(specification.get("SSEEnabled", False)).lower() == "true"
    _tables.get()[name]["SSEDescription"] = (
        _sse_description_from_spec.get()({**specification, "Enabled": True}) if enabled else None
    )


def _set_time_to_live(name: str, properties: Mapping[str, Any]) -> None:
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
