"""Tables with streams for tests, and the functions that they feed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.local.ministack.stacks import WRITE_LOGS, allow, function, role

if TYPE_CHECKING:
    from chatops_local.server import DeployedStack, Server

POLL = ("dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream", "dynamodb:ListStreams")

TELLS = """
import json
def handler(event, context):
    print("batch", json.dumps(event["Records"]))
"""


def table(**properties: Any) -> dict[str, Any]:
    return {
        "Type": "AWS::DynamoDB::Table",
        "Properties": {
            "KeySchema": [
                {"AttributeName": "kind", "KeyType": "HASH"},
                {"AttributeName": "id", "KeyType": "RANGE"},
            ],
            "AttributeDefinitions": [
                {"AttributeName": "kind", "AttributeType": "S"},
                {"AttributeName": "id", "AttributeType": "S"},
            ],
            "BillingMode": "PAY_PER_REQUEST",
            **properties,
        },
    }


def streaming_table(view: str = "NEW_AND_OLD_IMAGES", **properties: Any) -> dict[str, Any]:
    return table(StreamSpecification={"StreamViewType": view}, **properties)


def stream_of(table_id: str) -> dict[str, Any]:
    return {"Fn::GetAtt": [table_id, "StreamArn"]}


def fed_by_stream(table_id: str, code: str, *, granted: tuple[str, ...] = POLL, **options: Any) -> dict[str, Any]:
    """A function with its role, its stream's mapping, and no more rights than it needs."""
    statements = [allow(list(granted), stream_of(table_id))] if granted else []
    return {
        "Role": role("lambda", WRITE_LOGS, *statements),
        "Function": function(code, "Role", **options.pop("function", {})),
        "Mapping": {
            "Type": "AWS::Lambda::EventSourceMapping",
            "Properties": {
                "EventSourceArn": stream_of(table_id),
                "FunctionName": {"Ref": "Function"},
                "StartingPosition": "LATEST",
                **options,
            },
        },
    }


def item(identity: str, kind: str = "entry", **attributes: str) -> dict[str, dict[str, str]]:
    return {"kind": {"S": kind}, "id": {"S": identity}, **{name: {"S": value} for name, value in attributes.items()}}


def put(server: Server, stack: DeployedStack, *identities: str, kind: str = "entry", **attributes: str) -> None:
    for identity in identities:
        server.client("dynamodb").put_item(TableName=stack.resource("Table"), Item=item(identity, kind, **attributes))


def told(server: Server, stack: DeployedStack, word: str = "batch") -> list[Any]:
    """What the function has printed, line by line, after a word."""
    group = f"/aws/lambda/{stack.resource('Function')}"
    lines = [line.message for line in server.function_logs() if line.group == group]
    return [json.loads(line.removeprefix(f"{word} ")) for line in lines if line.startswith(f"{word} ")]
