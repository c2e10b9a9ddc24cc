"""What the local cloud does not do with tables of DynamoDB."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_NOT_EMULATED = ("ImportSourceSpecification", "KinesisStreamSpecification", "ResourcePolicy")


def problems(resource: Mapping[str, Any], _resources: Mapping[str, Any]) -> Iterator[str]:
    """Of a table: policies that nothing here judges, and streams and imports of other services."""
    if resource["Type"] != "AWS::DynamoDB::Table":
        return
    properties: Mapping[str, Any] = resource.get("Properties", {})
    for name in _NOT_EMULATED:
        if name in properties:
            yield f"property {name} is not emulated; leave it out of what is run locally"
    if "ResourcePolicy" in (properties.get("StreamSpecification") or {}):
        yield "property ResourcePolicy of a StreamSpecification is not emulated; leave it out of what is run locally"
