"""Queues, encrypted topics and table items over HTTP and from state machines: canaries both ways."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from tests.local.ministack.callers import ANYBODY_HERE, Caller
from tests.local.ministack.messaging_stacks import arn_of, queue, topic
from tests.local.ministack.stacks import allow, deploy, finish, machine, role, start
from tests.local.trust.behaviours import CALLER_KEY, LEADING_KEYS

if TYPE_CHECKING:
    from collections.abc import Callable

    from chatops_local.server import DeployedStack, Server

QUEUE = ("sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility")
READ = ("sqs:GetQueueAttributes", "sqs:GetQueueUrl")
ITEM = ("dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem")
OWN_PARTITION = {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["own"]}}
OWN = {"id": {"S": "own"}}
TABLE = {
    "Type": "AWS::DynamoDB::Table",
    "Properties": {
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "BillingMode": "PAY_PER_REQUEST",
        "TimeToLiveSpecification": {"AttributeName": "expires", "Enabled": True},
    },
}


@pytest.fixture(scope="module")
def stack(server: Server, tmp_path_factory: pytest.TempPathFactory) -> DeployedStack:
    own = {"Effect": "Allow", "Principal": ANYBODY_HERE, "Action": "kms:*", "Resource": "*"}
    key = {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {"Version": "2012-10-17", "Statement": [own]}}}
    of_queues = [allow([*QUEUE, *READ], arn_of(name)) for name in ("Queue", "Locked")]
    publish = allow("sns:Publish", {"Ref": "LockedTopic"})
    resources = {
        "Key": key,
        "Queue": queue(),
        "Another": queue(),
        "Locked": queue(KmsMasterKeyId=arn_of("Key")),
        "LockedTopic": topic(KmsMasterKeyId=arn_of("Key")),
        "Table": TABLE,
        "Unlocking": role(
            ANYBODY_HERE, *of_queues, publish, allow(["kms:Decrypt", "kms:GenerateDataKey*"], arn_of("Key"))
        ),
        "Allowed": role(ANYBODY_HERE, *of_queues, publish, allow(list(ITEM), arn_of("Table"), OWN_PARTITION)),
        # Everything beside the mark.
        "Denied": role(
            ANYBODY_HERE,
            allow([*QUEUE, *READ], arn_of("Another")),
            allow(list(ITEM), arn_of("Table"), {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["other"]}}),
        ),
    }
    return deploy(server, tmp_path_factory.mktemp("messaging"), "MessagingCalls", resources)


def receipt(server: Server, url: str) -> str:
    """The handle of a message that root has received."""
    sqs = server.client("sqs")
    sqs.send_message(QueueUrl=url, MessageBody="m")
    handle: str = sqs.receive_message(QueueUrl=url)["Messages"][0]["ReceiptHandle"]
    return handle


ENTRY = [{"Id": "1", "MessageBody": "m"}]


def sqs(caller: Caller) -> Any:
    return caller.client("sqs")


CALLS: dict[str, Callable[[Caller, Server, DeployedStack], Any]] = {
    "SendMessage": lambda caller, _, stack: sqs(caller).send_message(QueueUrl=stack.resource("Queue"), MessageBody="m"),
    "SendMessageBatch": lambda caller, _, stack: sqs(caller).send_message_batch(
        QueueUrl=stack.resource("Queue"), Entries=ENTRY
    ),
    "ReceiveMessage": lambda caller, _, stack: sqs(caller).receive_message(QueueUrl=stack.resource("Queue")),
    "DeleteMessage": lambda caller, server, stack: sqs(caller).delete_message(
        QueueUrl=stack.resource("Queue"), ReceiptHandle=receipt(server, stack.resource("Queue"))
    ),
    "DeleteMessageBatch": lambda caller, server, stack: sqs(caller).delete_message_batch(
        QueueUrl=stack.resource("Queue"),
        Entries=[{"Id": "1", "ReceiptHandle": receipt(server, stack.resource("Queue"))}],
    ),
    "ChangeMessageVisibility": lambda caller, server, stack: sqs(caller).change_message_visibility(
        QueueUrl=stack.resource("Queue"),
        ReceiptHandle=receipt(server, stack.resource("Queue")),
        VisibilityTimeout=60,
    ),
    "GetQueueAttributes": lambda caller, _, stack: sqs(caller).get_queue_attributes(
        QueueUrl=stack.resource("Queue"), AttributeNames=["All"]
    ),
    "GetQueueUrl": lambda caller, _, stack: sqs(caller).get_queue_url(
        QueueName=stack.resource("Queue").rpartition("/")[2]
    ),
    "PutItem": lambda caller, _, stack: caller.client("dynamodb").put_item(
        TableName=stack.resource("Table"), Item={**OWN, "n": {"N": "1"}}
    ),
    "GetItem": lambda caller, _, stack: caller.client("dynamodb").get_item(TableName=stack.resource("Table"), Key=OWN),
    "UpdateItem": lambda caller, _, stack: caller.client("dynamodb").update_item(
        TableName=stack.resource("Table"),
        Key=OWN,
        UpdateExpression="SET n = :n",
        ExpressionAttributeValues={":n": {"N": "2"}},
    ),
    "DeleteItem": lambda caller, _, stack: caller.client("dynamodb").delete_item(
        TableName=stack.resource("Table"), Key=OWN
    ),
}


@pytest.mark.parametrize("operation", CALLS)
def test_a_role_that_may_call_does(server: Server, stack: DeployedStack, operation: str):
    CALLS[operation](Caller(server, stack.resource("Allowed")), server, stack)


@pytest.mark.parametrize("operation", CALLS)
def test_a_role_that_may_not_call_is_denied(server: Server, stack: DeployedStack, operation: str):
    with pytest.raises(ClientError) as refused:
        CALLS[operation](Caller(server, stack.resource("Denied")), server, stack)
    assert "AccessDenied" in refused.value.response["Error"]["Code"]
    # A batch takes the permission for one message.
    assert operation.removesuffix("Batch") in str(refused.value)


LOCKED: dict[str, Callable[[Caller, DeployedStack], Any]] = {
    "kms:GenerateDataKey": lambda caller, stack: sqs(caller).send_message(
        QueueUrl=stack.resource("Locked"), MessageBody="m"
    ),
    "kms:Decrypt": lambda caller, stack: sqs(caller).receive_message(QueueUrl=stack.resource("Locked")),
    "sns": lambda caller, stack: caller.client("sns").publish(TopicArn=stack.resource("LockedTopic"), Message="m"),
}


@CALLER_KEY.allow("kms:Decrypt", "kms:GenerateDataKey*")
@pytest.mark.parametrize("name", LOCKED)
def test_what_is_encrypted_takes_the_key(server: Server, stack: DeployedStack, name: str):
    LOCKED[name](Caller(server, stack.resource("Unlocking")), stack)


@CALLER_KEY.deny("kms:Decrypt", "kms:GenerateDataKey*")
@pytest.mark.parametrize("name", LOCKED)
def test_what_is_encrypted_is_closed_without_the_key(server: Server, stack: DeployedStack, name: str):
    with pytest.raises(ClientError, match="kms:Decrypt" if name == "kms:Decrypt" else "kms:GenerateDataKey"):
        LOCKED[name](Caller(server, stack.resource("Allowed")), stack)


@LEADING_KEYS.deny()
def test_another_partition_is_closed(server: Server, stack: DeployedStack):
    caller = Caller(server, stack.resource("Allowed"))
    with pytest.raises(ClientError, match="not authorized to perform: dynamodb:GetItem"):
        caller.client("dynamodb").get_item(TableName=stack.resource("Table"), Key={"id": {"S": "another"}})


def test_a_condition_that_does_not_hold_changes_nothing(server: Server, stack: DeployedStack):
    dynamodb = server.client("dynamodb")
    table, key = stack.resource("Table"), {"id": {"S": "lock"}}
    first = {"TableName": table, "Item": {**key, "holder": {"S": "one"}, "expires": {"N": "9999999999"}}}
    absent = "attribute_not_exists(id)"
    dynamodb.put_item(**first, ConditionExpression=absent)
    with pytest.raises(ClientError, match="ConditionalCheckFailedException"):
        dynamodb.put_item(**first, ConditionExpression=absent)
    with pytest.raises(ClientError, match="ConditionalCheckFailedException"):
        dynamodb.delete_item(
            TableName=table,
            Key=key,
            ConditionExpression="holder = :h",
            ExpressionAttributeValues={":h": {"S": "another"}},
        )
    assert dynamodb.get_item(TableName=table, Key=key)["Item"]["holder"] == {"S": "one"}
    described = dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
    assert described == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires"}


def put_if_absent(role_id: str) -> dict[str, Any]:
    arguments = {
        "TableName": "TABLE",
        "Item": {"id": {"S": "own"}, "n": {"N": "1"}},
        "ConditionExpression": "attribute_not_exists(id)",
    }
    caught = [{"ErrorEquals": ["DynamoDB.ConditionalCheckFailedException"], "Next": "Taken"}]
    states = {
        "Put": {
            "Type": "Task",
            "Resource": "arn:aws:states:::dynamodb:putItem",
            "Arguments": arguments,
            "Catch": caught,
            "Next": "Won",
        },
        "Won": {"Type": "Succeed", "Output": "won"},
        "Taken": {"Type": "Succeed", "Output": "taken"},
    }
    made = machine(role_id, states)
    text = made["Properties"]["DefinitionString"].replace("TABLE", "${Table}")
    return {**made, "Properties": {**made["Properties"], "DefinitionString": {"Fn::Sub": text}}}


def test_a_state_machine_takes_a_lock_once(server: Server, tmp_path_factory: pytest.TempPathFactory):
    resources = {
        "Table": TABLE,
        "May": role("states", allow("dynamodb:PutItem", arn_of("Table"), OWN_PARTITION)),
        "MayNot": role(
            "states",
            allow("dynamodb:PutItem", arn_of("Table"), {"StringEquals": {"dynamodb:LeadingKeys": "other"}}),
        ),
        "Takes": put_if_absent("May"),
        "Barred": put_if_absent("MayNot"),
    }
    stack = deploy(server, tmp_path_factory.mktemp("lock"), "Lock", resources)
    outputs = [json.loads(finish(server, start(server, stack.resource("Takes")))["output"]) for _ in range(2)]
    assert outputs == ["won", "taken"]
    denied = finish(server, start(server, stack.resource("Barred")))
    assert "is not authorized to perform: dynamodb:PutItem" in denied["cause"]
