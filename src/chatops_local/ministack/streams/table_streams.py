"""The names of streams that templates make: MiniStack gives the label of a stream and its ARN two different times.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_StreamDescription.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_local.ministack.private import Untyped, private

if TYPE_CHECKING:
    from collections.abc import Mapping

_resource_handlers = private("services.cloudformation.provisioners:_RESOURCE_HANDLERS")
_tables = private("services.dynamodb:_tables")
_stream_label = private("services.dynamodb:_stream_label", "")


def apply() -> None:
    """Give each new stream one label."""
    handlers = _resource_handlers.get()["AWS::DynamoDB::Table"]
    handlers["create"] = _labelling(handlers["create"])


def table_of(stream_arn: str) -> str:
    """The name of the table that a stream is of."""
    return stream_arn.partition("/stream/")[0].rpartition("/")[2]


def is_stream(arn: str) -> bool:
    """Whether this is the ARN of a stream of a table."""
    return ":dynamodb:" in arn and "/stream/" in arn


def is_current(stream_arn: str) -> bool:
    """Whether the table is there and this is its stream."""
    table: Mapping[str, Any] = _tables.get().get(table_of(stream_arn)) or {}
    enabled = (table.get("StreamSpecification") or {}).get("StreamEnabled")
    return bool(enabled) and table.get("LatestStreamArn") == stream_arn


def _labelling(original: Untyped) -> Untyped:
    def create(*arguments: Any, **options: Any) -> tuple[str, dict[str, str]]:  # noqa: ANN401 - MiniStack's arguments
        name, attributes = original(*arguments, **options)
        if "StreamArn" not in attributes:
            return name, attributes
        table, label = _tables.get()[name], _stream_label.get()()
        arn = f"{table['TableArn']}/stream/{label}"
        table["LatestStreamLabel"], table["LatestStreamArn"] = label, arn
        return name, {**attributes, "StreamArn": arn}

    return create
