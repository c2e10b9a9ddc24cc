"""From Step Functions' words for a call to boto3's, and back.

Step Functions writes the first letter of every member large, whatever the service calls it: `Key` for Systems Manager's
`key` (https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html).
"""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape


def for_boto3(value: Any, shape: Shape | None) -> Any:  # noqa: ANN401 - any part of a request
    """`value` with the members of `shape` as boto3 names them; what is none of them is left for boto3 to refuse."""
    if isinstance(shape, StructureShape) and isinstance(value, dict):
        members = {_capital(name): (name, member) for name, member in shape.members.items()}
        named = {name: members.get(_capital(name), (name, None)) for name in value}
        return {named[name][0]: for_boto3(part, named[name][1]) for name, part in value.items()}
    if isinstance(shape, ListShape) and isinstance(value, list):
        return [for_boto3(part, shape.member) for part in value]
    if isinstance(shape, MapShape) and isinstance(value, dict):
        return {name: for_boto3(part, shape.value) for name, part in value.items()}
    return value


def from_boto3(value: Any, shape: Shape | None) -> Any:  # noqa: ANN401 - any part of an answer
    """`value` as Step Functions hands it on: JSON, in its words, with times in UTC and milliseconds."""
    if isinstance(value, datetime):
        return value.astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if isinstance(shape, StructureShape):
        # What is no member is boto3's own, such as `ResponseMetadata`.
        members = shape.members
        return {_capital(name): from_boto3(part, members[name]) for name, part in value.items() if name in members}
    if isinstance(shape, ListShape):
        return [from_boto3(part, shape.member) for part in value]
    if isinstance(shape, MapShape):
        return {name: from_boto3(part, shape.value) for name, part in value.items()}
    return value


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]
