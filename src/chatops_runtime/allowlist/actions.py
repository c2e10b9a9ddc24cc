"""What is written to the table: items' parts of a transaction."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

from chatops_runtime.contracts import allowlist as contract

if TYPE_CHECKING:
    from collections.abc import Mapping

_NAME = re.compile(r"#(\w+)")
_SERIALIZE = TypeSerializer().serialize
_DESERIALIZE = TypeDeserializer().deserialize


@dataclass(frozen=True)
class Action:
    """One item's part of a write.

    Attributes:
        operation: `Put`, `Update` or `Delete`.
        parameters: Of the operation, but the table's name.
        condition: Which has to hold; names begin with `#`, values with `:`.
        values: Of both expressions.
    """

    operation: str
    parameters: dict[str, Any]
    condition: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)

    def rendered(self, table_name: str) -> dict[str, Any]:
        """As DynamoDB takes it. All names are aliased, since some, as `name` and `by`, are reserved words."""
        parameters = {"TableName": table_name, **self.parameters}
        if self.condition:
            parameters["ConditionExpression"] = self.condition
        expressions = f"{self.condition} {parameters.get('UpdateExpression', '')}"
        names = {f"#{name}": name for name in _NAME.findall(expressions)}
        if names:
            parameters["ExpressionAttributeNames"] = names
        if self.values:
            parameters["ExpressionAttributeValues"] = {name: _SERIALIZE(value) for name, value in self.values.items()}
        return {self.operation: parameters}


def put(item: Mapping[str, Any], condition: str = "", **values: object) -> Action:
    """Write the whole item."""
    return Action("Put", {"Item": {name: _SERIALIZE(value) for name, value in item.items()}}, condition, _named(values))


def update(kind: str, id: str, expression: str, condition: str = "", **values: object) -> Action:
    """Change some attributes."""
    return Action("Update", {"Key": key(kind, id), "UpdateExpression": expression}, condition, _named(values))


def delete(kind: str, id: str, condition: str, **values: object) -> Action:
    """Delete the item."""
    return Action("Delete", {"Key": key(kind, id)}, condition, _named(values))


def key(kind: str, id: str) -> dict[str, Any]:
    """An item's key, in DynamoDB's types."""
    return {contract.KIND: {"S": kind}, contract.ID: {"S": id}}


def plain(item: Mapping[str, Any]) -> dict[str, Any]:
    """An item of DynamoDB's types in Python's."""
    return {name: _DESERIALIZE(value) for name, value in item.items()}


def _named(values: Mapping[str, object]) -> dict[str, object]:
    return {f":{name}": value for name, value in values.items()}
