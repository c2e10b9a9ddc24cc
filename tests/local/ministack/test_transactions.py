"""Transactions of DynamoDB: who may do what in them, what cancels them, and what goes wrong.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from tests.local.ministack.callers import ANYBODY_HERE, Caller
from tests.local.ministack.stacks import allow, deploy, machine, role, run
from tests.local.ministack.table_stacks import item, table
from tests.local.trust.behaviours import LEADING_KEYS, TRANSACTION

if TYPE_CHECKING:
    from pathlib import Path

    from chatops_local.server import DeployedStack, Server

ACTIONS = {
    "Put": "dynamodb:PutItem",
    "Update": "dynamodb:UpdateItem",
    "Delete": "dynamodb:DeleteItem",
    "ConditionCheck": "dynamodb:ConditionCheckItem",
}
TABLE = {"Fn::GetAtt": ["Table", "Arn"]}


def leading(*kinds: str) -> dict[str, Any]:
    return {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": list(kinds)}}


RESOURCES = {
    "Table": table(),
    "All": role(ANYBODY_HERE, allow([*ACTIONS.values(), "dynamodb:GetItem"], TABLE)),
    **{
        f"No{member}": role(ANYBODY_HERE, allow([each for each in ACTIONS.values() if each != action], TABLE))
        for member, action in ACTIONS.items()
    },
    # Each action in a partition of its own, so that no set of keys of the whole transaction could be judged.
    "Partitioned": role(
        ANYBODY_HERE,
        allow("dynamodb:PutItem", TABLE, leading("entry")),
        allow("dynamodb:UpdateItem", TABLE, leading("count")),
        allow("dynamodb:GetItem", TABLE, leading("entry")),
    ),
    "Nothing": role(ANYBODY_HERE),
}


@pytest.fixture(scope="module")
def stack(server: Server, tmp_path_factory: pytest.TempPathFactory) -> DeployedStack:
    return deploy(server, tmp_path_factory.mktemp("transactions"), "Transactions", RESOURCES)


@pytest.fixture
def dynamodb(server: Server) -> Any:
    return server.client("dynamodb")


def as_role(server: Server, stack: DeployedStack, name: str) -> Any:
    return Caller(server, stack.resource(name)).client("dynamodb")


def writing(stack: DeployedStack, **members: dict[str, Any]) -> dict[str, Any]:
    return {name: {"TableName": stack.resource("Table"), **member} for name, member in members.items()}


def adding(stack: DeployedStack, key: dict[str, Any], **others: Any) -> dict[str, Any]:
    update = {"UpdateExpression": "ADD #n :one", "ExpressionAttributeNames": {"#n": "n"}, **others}
    values = {":one": {"N": "1"}, **others.get("ExpressionAttributeValues", {})}
    return writing(stack, Update={"Key": key, **update, "ExpressionAttributeValues": values})


def everything(stack: DeployedStack) -> list[dict[str, Any]]:
    absent = {"ConditionExpression": "attribute_not_exists(id)"}
    return [
        writing(stack, Put={"Item": item("put")}),
        adding(stack, item("update")),
        writing(stack, Delete={"Key": item("delete")}),
        writing(stack, ConditionCheck={"Key": item("absent"), **absent}),
    ]


def code_of(error: pytest.ExceptionInfo[ClientError]) -> str:
    return str(error.value.response["Error"]["Code"])


def reasons(error: pytest.ExceptionInfo[ClientError]) -> list[str]:
    response: Any = error.value.response
    return [reason["Code"] for reason in response["CancellationReasons"]]


@TRANSACTION.allow()
def test_who_may_do_all_of_it_may_write(server: Server, stack: DeployedStack):
    as_role(server, stack, "All").transact_write_items(TransactItems=everything(stack))


@TRANSACTION.deny()
@pytest.mark.parametrize("member", ACTIONS)
def test_each_item_takes_its_own_action(server: Server, stack: DeployedStack, member: str):
    with pytest.raises(ClientError, match=f"not authorized to perform: {ACTIONS[member]} ") as denied:
        as_role(server, stack, f"No{member}").transact_write_items(TransactItems=everything(stack))
    assert code_of(denied) == "AccessDeniedException"


@TRANSACTION.allow()
@TRANSACTION.deny()
def test_reading_takes_get_item(server: Server, stack: DeployedStack):
    reading = [writing(stack, Get={"Key": item("put")})]
    as_role(server, stack, "All").transact_get_items(TransactItems=reading)
    with pytest.raises(ClientError, match="not authorized to perform: dynamodb:GetItem"):
        as_role(server, stack, "Nothing").transact_get_items(TransactItems=reading)


@LEADING_KEYS.allow()
@LEADING_KEYS.deny()
def test_each_item_is_judged_by_its_own_partition(server: Server, stack: DeployedStack):
    partitioned = as_role(server, stack, "Partitioned")
    entry, count = writing(stack, Put={"Item": item("p")}), adding(stack, item("4", "count"))
    partitioned.transact_write_items(TransactItems=[entry, count])
    partitioned.transact_get_items(TransactItems=[writing(stack, Get={"Key": item("p")})])
    for forbidden in (
        [entry, writing(stack, Put={"Item": item("p", "link")})],
        [adding(stack, item("p"))],
        [writing(stack, Put={"Item": item("4", "count")}), adding(stack, item("5", "count"))],
    ):
        with pytest.raises(ClientError, match=r"not authorized to perform: dynamodb:(Put|Update)Item"):
            partitioned.transact_write_items(TransactItems=forbidden)
    with pytest.raises(ClientError, match="not authorized to perform: dynamodb:GetItem"):
        partitioned.transact_get_items(TransactItems=[writing(stack, Get={"Key": item("4", "count")})])


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("attribute_not_exists(used_at)", True),
        ("attribute_exists(used_at)", False),
        ("attribute_not_exists(used_at) AND expires_at > :now", True),
        ("attribute_exists(used_at) OR expires_at > :now", True),
        ("attribute_exists(used_at) OR NOT expires_at > :now", False),
        ("(attribute_exists(used_at) OR expires_at >= :now) AND attribute_exists(id)", True),
        ("expires_at BETWEEN :now AND :later", True),
        ("expires_at <= :now", False),
        ("absent_one > :now", False),
    ],
)
def test_conditions(stack: DeployedStack, dynamodb: Any, condition: str, holds: bool):
    dynamodb.put_item(TableName=stack.resource("Table"), Item={**item("c", "link"), "expires_at": {"N": "100"}})
    values = {name: {"N": value} for name, value in ((":now", "99"), (":later", "101")) if name in condition}
    given = {"ExpressionAttributeValues": values} if values else {}
    check = writing(stack, ConditionCheck={"Key": item("c", "link"), "ConditionExpression": condition, **given})
    if holds:
        dynamodb.transact_write_items(TransactItems=[check])
    else:
        with pytest.raises(ClientError) as cancelled:
            dynamodb.transact_write_items(TransactItems=[check])
        assert reasons(cancelled) == ["ConditionalCheckFailed"]


def test_a_condition_that_fails_cancels_everything_and_says_which(stack: DeployedStack, dynamodb: Any):
    name = stack.resource("Table")
    dynamodb.put_item(TableName=name, Item={**item("used", "link"), "used_at": {"N": "1"}})
    once = {"ConditionExpression": "attribute_not_exists(used_at)", "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
    using = writing(
        stack,
        Update={
            "Key": item("used", "link"),
            "UpdateExpression": "SET used_at = :now",
            "ExpressionAttributeValues": {":now": {"N": "2"}},
            **once,
        },
    )
    with pytest.raises(ClientError) as cancelled:
        dynamodb.transact_write_items(TransactItems=[writing(stack, Put={"Item": item("never")}), using])
    assert code_of(cancelled) == "TransactionCanceledException"
    assert reasons(cancelled) == ["None", "ConditionalCheckFailed"]
    response: Any = cancelled.value.response
    assert response["CancellationReasons"][1]["Item"]["used_at"] == {"N": "1"}
    assert "Item" not in dynamodb.get_item(TableName=name, Key=item("never"))


def test_counting_stops_at_the_limit(stack: DeployedStack, dynamodb: Any):
    limit = {
        "ConditionExpression": "attribute_not_exists(#n) OR #n < :limit",
        "ExpressionAttributeValues": {":limit": {"N": "2"}},
    }
    for _ in range(2):
        dynamodb.transact_write_items(TransactItems=[adding(stack, item("limited", "count"), **limit)])
    with pytest.raises(ClientError) as cancelled:
        dynamodb.transact_write_items(TransactItems=[adding(stack, item("limited", "count"), **limit)])
    assert reasons(cancelled) == ["ConditionalCheckFailed"]


def test_updates_count_up_and_keep_what_is_first(stack: DeployedStack, dynamodb: Any):
    update = writing(
        stack,
        Update={
            "Key": item("u"),
            "UpdateExpression": "SET registered_at = if_not_exists(registered_at, :now), renewals = if_not_exists("
            "renewals, :none) + :one",
            "ExpressionAttributeValues": {":now": {"N": "5"}, ":none": {"N": "0"}, ":one": {"N": "1"}},
        },
    )
    for now in ("5", "6"):
        update["Update"]["ExpressionAttributeValues"][":now"] = {"N": now}
        dynamodb.transact_write_items(TransactItems=[update])
    found = dynamodb.get_item(TableName=stack.resource("Table"), Key=item("u"), ConsistentRead=True)["Item"]
    assert (found["registered_at"], found["renewals"]) == ({"N": "5"}, {"N": "2"})


def test_a_transaction_that_meets_another_one(server: Server, stack: DeployedStack, dynamodb: Any):
    server.dynamodb.conflict(times=2)
    items = [writing(stack, Put={"Item": item(name)}) for name in ("m1", "m2")]
    for _ in range(2):
        with pytest.raises(ClientError, match=r"specific reasons \[TransactionConflict, None\]") as cancelled:
            dynamodb.transact_write_items(TransactItems=items)
        assert reasons(cancelled) == ["TransactionConflict", "None"]
    assert "Item" not in dynamodb.get_item(TableName=stack.resource("Table"), Key=item("m1"))
    dynamodb.transact_write_items(TransactItems=items)


def test_a_call_that_is_throttled_and_one_whose_answer_is_lost(server: Server, stack: DeployedStack, dynamodb: Any):
    name = stack.resource("Table")
    server.dynamodb.throttle("PutItem")
    with pytest.raises(ClientError) as throttled:
        dynamodb.put_item(TableName=name, Item=item("t"))
    assert code_of(throttled) == "ThrottlingException"
    server.dynamodb.lose_answer("PutItem")
    with pytest.raises(ClientError) as lost:
        dynamodb.put_item(TableName=name, Item=item("t"))
    assert code_of(lost) == "InternalServerError"
    assert dynamodb.get_item(TableName=name, Key=item("t"))["Item"] == item("t")


def test_pages_of_a_query_end_at_a_megabyte(stack: DeployedStack, dynamodb: Any):
    name = stack.resource("Table")
    for index in range(4):
        dynamodb.put_item(TableName=name, Item=item(f"{index}", "large", text="x" * 350_000))
    query = {
        "TableName": name,
        "KeyConditionExpression": "kind = :kind",
        "ExpressionAttributeValues": {":kind": {"S": "large"}},
        "ConsistentRead": True,
    }
    pages = list(dynamodb.get_paginator("query").paginate(**query))
    assert len(pages) == 2
    assert [found["id"]["S"] for page in pages for found in page["Items"]] == ["0", "1", "2", "3"]


def test_a_task_is_judged_item_by_item_as_well(server: Server, tmp_path: Path):
    items = [{"Put": {"TableName": "transacted", "Item": item("task")}}]
    task = {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:transactWriteItems", "End": True}
    states = {"Write": {**task, "Arguments": {"TransactItems": items}}}
    resources = {
        "Table": table(TableName="transacted"),
        "Allowed": role("states", allow("dynamodb:PutItem", TABLE)),
        "Denied": role("states", allow("dynamodb:UpdateItem", TABLE)),
        "AllowedMachine": machine("Allowed", states),
        "DeniedMachine": machine("Denied", states),
    }
    stack = deploy(server, tmp_path, "TransactingTasks", resources)
    assert run(server, stack.resource("AllowedMachine"))["status"] == "SUCCEEDED"
    assert "not authorized to perform: dynamodb:PutItem" in run(server, stack.resource("DeniedMachine"))["cause"]
