"""`dynamodb:LeadingKeys` of queries and scans, over HTTP.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from tests.local.ministack.callers import ANYBODY_HERE, Caller
from tests.local.ministack.stacks import allow, deploy, role
from tests.local.ministack.table_stacks import put, table
from tests.local.trust.behaviours import LEADING_KEYS

if TYPE_CHECKING:
    from chatops_local.server import DeployedStack, Server

ENTRIES = {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["entry"]}}
RESOURCES = {
    "Table": table(),
    "Reader": role(ANYBODY_HERE, allow(["dynamodb:Query", "dynamodb:Scan"], {"Fn::GetAtt": ["Table", "Arn"]}, ENTRIES)),
}


@pytest.fixture(scope="module")
def stack(server: Server, tmp_path_factory: pytest.TempPathFactory) -> DeployedStack:
    stack = deploy(server, tmp_path_factory.mktemp("leading"), "Leading", RESOURCES)
    put(server, stack, "a", "b")
    put(server, stack, "l", kind="link")
    return stack


@pytest.fixture
def reader(server: Server, stack: DeployedStack) -> Any:
    return Caller(server, stack.resource("Reader")).client("dynamodb")


def query(kind: str, condition: str, **others: Any) -> dict[str, Any]:
    values = {":kind": {"S": kind}, ":id": {"S": "a"}}
    used = {name: value for name, value in values.items() if name in condition}
    return {"KeyConditionExpression": condition, "ExpressionAttributeValues": used, **others}


QUERIES: list[tuple[str, dict[str, Any]]] = [
    ("kind = :kind", {}),
    ("kind=:kind AND id > :id", {}),
    ("id >= :id AND kind = :kind", {}),
    ("#k = :kind and begins_with(#i, :id)", {"ExpressionAttributeNames": {"#k": "kind", "#i": "id"}}),
]


@LEADING_KEYS.allow()
@pytest.mark.parametrize(("condition", "others"), QUERIES)
def test_a_query_of_its_own_partition_is_allowed(
    reader: Any, stack: DeployedStack, condition: str, others: dict[str, Any]
):
    found = reader.query(TableName=stack.resource("Table"), **query("entry", condition, **others))["Items"]
    assert {each["kind"]["S"] for each in found} == {"entry"}


@LEADING_KEYS.deny()
@pytest.mark.parametrize(("condition", "others"), QUERIES)
def test_a_query_of_another_partition_is_not(reader: Any, stack: DeployedStack, condition: str, others: dict[str, Any]):
    with pytest.raises(ClientError, match="not authorized to perform: dynamodb:Query"):
        reader.query(TableName=stack.resource("Table"), **query("link", condition, **others))


@LEADING_KEYS.deny()
def test_a_scan_has_no_partition(reader: Any, stack: DeployedStack):
    with pytest.raises(ClientError, match="not authorized to perform: dynamodb:Scan"):
        reader.scan(TableName=stack.resource("Table"))
