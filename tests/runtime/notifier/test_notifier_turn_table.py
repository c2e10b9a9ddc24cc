"""What the table of turns asks of DynamoDB, and what it makes of the answers."""

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from chatops_runtime.notifier.turn_table import Taken, TurnTable

TAKE = {
    "TableName": "Turns",
    "Key": {"channel_id": {"S": "C0123OPS"}},
    "UpdateExpression": "SET #not_before = :until, #holder = :new_holder, #expires = :expires",
    "ConditionExpression": "attribute_not_exists(#channel) OR #not_before <= :now",
    "ExpressionAttributeNames": {
        "#channel": "channel_id",
        "#not_before": "not_before_ms",
        "#holder": "holder_id",
        "#expires": "expires_at",
    },
    "ExpressionAttributeValues": {
        ":now": {"N": "1000000"},
        ":until": {"N": "1030000"},
        ":new_holder": {"S": "me"},
        ":expires": {"N": "87430"},
    },
    "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
}
END = {
    **TAKE,
    "ConditionExpression": "#holder = :holder OR #not_before < :until",
    "ExpressionAttributeNames": {
        "#not_before": "not_before_ms",
        "#holder": "holder_id",
        "#expires": "expires_at",
    },
    "ExpressionAttributeValues": {
        ":holder": {"S": "me"},
        ":until": {"N": "1001000"},
        ":new_holder": {"S": ""},
        ":expires": {"N": "87401"},
    },
}


@pytest.fixture
def client():
    return boto3.client(
        "dynamodb", region_name="us-east-1", aws_access_key_id="AKIDEXAMPLE", aws_secret_access_key="secret"
    )


@pytest.fixture
def dynamodb(client):
    with Stubber(client) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


def take(client: Any) -> Taken | None:
    return TurnTable(client, "Turns").take("C0123OPS", "me", now_ms=1_000_000, until_ms=1_030_000)


def test_a_turn_is_taken(client, dynamodb):
    dynamodb.add_response("update_item", {}, TAKE)
    assert take(client) is None


@pytest.mark.parametrize(
    ("item", "taken"),
    [
        ({"not_before_ms": {"N": "1000900"}, "holder_id": {"S": "you"}}, Taken(1_000_900, being_posted=True)),
        ({"not_before_ms": {"N": "1000900"}, "holder_id": {"S": ""}}, Taken(1_000_900, being_posted=False)),
        (None, Taken(1_000_000, being_posted=False)),
    ],
)
def test_a_turn_is_somebody_elses(client, dynamodb, item, taken):
    dynamodb.add_client_error(
        "update_item",
        "ConditionalCheckFailedException",
        modeled_fields={"Item": item} if item else None,
        expected_params=TAKE,
    )
    assert take(client) == taken


def test_a_turn_is_ended(client, dynamodb):
    dynamodb.add_response("update_item", {}, END)
    TurnTable(client, "Turns").end("C0123OPS", "me", not_before_ms=1_001_000)


def test_a_turn_that_was_lost_is_not_ended(client, dynamodb):
    dynamodb.add_client_error("update_item", "ConditionalCheckFailedException", expected_params=END)
    TurnTable(client, "Turns").end("C0123OPS", "me", not_before_ms=1_001_000)


def test_any_other_error_is_one(client, dynamodb):
    dynamodb.add_client_error("update_item", "AccessDeniedException")
    with pytest.raises(ClientError, match="AccessDenied"):
        take(client)
    dynamodb.add_client_error("update_item", "AccessDeniedException")
    with pytest.raises(ClientError, match="AccessDenied"):
        TurnTable(client, "Turns").end("C0123OPS", "me", not_before_ms=1)
