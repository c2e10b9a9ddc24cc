"""Calls of state machines to DynamoDB, SNS and SQS: arguments, results and the names of errors.

https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.local.ministack.stacks import allow, deploy, machine, output_of, role, run

if TYPE_CHECKING:
    from chatops_local.server import DeployedStack, Server

KEY = {"id": {"S": "{% $states.input.id %}"}}
FREE = {"ConditionExpression": "attribute_not_exists(id) OR expires < :now",
        "ExpressionAttributeValues": {":now": {"N": "{% $string($states.input.now) %}"}}}  # fmt: skip
OWN = {"ConditionExpression": "#owner = :me", "ExpressionAttributeNames": {"#owner": "owner"},
       "ExpressionAttributeValues": {":me": {"S": "{% $states.input.me %}"}}}  # fmt: skip
BY_STRUCTURE = {
    "TopicArn": "${Topic}",
    "Subject": "a subject",
    "Message": "{% $string({'default': 'plain', 'sqs': 'for queues'}) %}",
    "MessageStructure": "json",
    "MessageAttributes": {"outcome": {"DataType": "String", "StringValue": "FAILED"}},
}


def task(resource: str, arguments: dict[str, Any], **fields: Any) -> dict[str, Any]:
    caught = [{"ErrorEquals": ["States.ALL"], "Output": "{% $states.errorOutput.Error %}", "Next": "End"}]
    state = {
        "Type": "Task",
        "Resource": f"arn:aws:states:::{resource}",
        "Arguments": arguments,
        "Catch": caught,
        "Next": "End",
        **fields,
    }
    made = machine("Role", {"Task": state, "End": {"Type": "Succeed"}})
    made["Properties"]["DefinitionString"] = {"Fn::Sub": made["Properties"]["DefinitionString"]}
    return made


@pytest.fixture(scope="module")
def stack(server: Server, tmp_path_factory: pytest.TempPathFactory) -> DeployedStack:
    item = {**KEY, "owner": {"S": "{% $states.input.me %}"}, "expires": {"N": "{% $string($states.input.now + 10) %}"}}
    table = {
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    }
    queue_arn, topic = {"Fn::GetAtt": ["Queue", "Arn"]}, {"Ref": "Topic"}
    send = {**allow("sqs:SendMessage", queue_arn), "Principal": {"Service": "sns.amazonaws.com"}}
    policy = {"Version": "2012-10-17", "Statement": [send]}
    resources = {
        "Table": {"Type": "AWS::DynamoDB::Table", "Properties": table},
        "Queue": {"Type": "AWS::SQS::Queue", "Properties": {}},
        "Policy": {
            "Type": "AWS::SQS::QueuePolicy",
            "Properties": {"Queues": [{"Ref": "Queue"}], "PolicyDocument": policy},
        },
        "Topic": {"Type": "AWS::SNS::Topic", "Properties": {}},
        "Subscription": {
            "Type": "AWS::SNS::Subscription",
            "Properties": {"TopicArn": topic, "Protocol": "sqs", "Endpoint": queue_arn},
        },
        "Role": role(
            "states",
            allow(["dynamodb:PutItem", "dynamodb:DeleteItem"], {"Fn::GetAtt": ["Table", "Arn"]}),
            allow("sns:Publish", topic),
            allow("sqs:SendMessage", queue_arn),
        ),
        "Put": task("aws-sdk:dynamodb:putItem", {"TableName": "${Table}", "Item": item, **FREE}, Output="put"),
        "Delete": task("aws-sdk:dynamodb:deleteItem", {"TableName": "${Table}", "Key": KEY, **OWN}, Output="deleted"),
        "PutOptimised": task("dynamodb:putItem", {"TableName": "${Table}", "Item": item, **FREE}, Output="put"),
        "Publish": task("aws-sdk:sns:publish", BY_STRUCTURE),
        "PublishOptimised": task("sns:publish", BY_STRUCTURE),
        "Send": task(
            "aws-sdk:sqs:sendMessage",
            {"QueueUrl": "${Queue}", "MessageBody": "{% $string($states.input) %}"},
        ),
    }
    return deploy(server, tmp_path_factory.mktemp("services"), "TaskServices", resources)


@pytest.mark.parametrize(
    ("put", "prefix"), [("Put", "DynamoDb"), ("PutOptimised", "DynamoDB")], ids=["SDK", "optimised"]
)
def test_a_lock_is_one_conditional_put_and_one_conditional_delete(
    server: Server, stack: DeployedStack, put: str, prefix: str
):
    def done(name: str, me: str, now: int) -> Any:
        return output_of(run(server, stack.resource(name), {"id": put, "me": me, "now": now}))

    failed = f"{prefix}.ConditionalCheckFailedException"
    assert done(put, "one", 100) == "put"
    assert done(put, "two", 105) == failed
    assert done("Delete", "two", 105) == "DynamoDb.ConditionalCheckFailedException"
    assert done(put, "two", 111) == "put", "the first one's time was over"
    assert done("Delete", "two", 112) == "deleted"
    assert done(put, "three", 112) == "put"


def received(server: Server, stack: DeployedStack) -> str:
    sqs, queue = server.client("sqs"), stack.resource("Queue")
    (message,) = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=5)["Messages"]
    sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
    body: str = message["Body"]
    return body


@pytest.mark.parametrize("publish", ["Publish", "PublishOptimised"])
def test_a_message_for_each_protocol(server: Server, stack: DeployedStack, publish: str):
    result = output_of(run(server, stack.resource(publish)))
    notification = json.loads(received(server, stack))
    assert (notification["Message"], notification["Subject"]) == ("for queues", "a subject")
    assert notification["MessageId"] == result["MessageId"]
    assert notification["MessageAttributes"] == {"outcome": {"Type": "String", "Value": "FAILED"}}


def test_a_message_to_a_queue(server: Server, stack: DeployedStack):
    result = output_of(run(server, stack.resource("Send"), {"a": "é"}))
    assert json.loads(received(server, stack)) == {"a": "é"}
    assert result["MessageId"]
