"""What is refused of tables, by name."""

from __future__ import annotations

from typing import Any

import pytest

from chatops_local.server import UnsupportedError
from chatops_local.server.guard import check
from tests.local.ministack.stacks import allow, role, template
from tests.local.ministack.table_stacks import POLL, streaming_table, table


def test_a_table_with_a_stream_a_key_and_time_to_live_passes():
    expiring = {"AttributeName": "delete_at", "Enabled": True}
    protected = streaming_table(TimeToLiveSpecification=expiring, SSESpecification={"SSEEnabled": True})
    check(
        "Stack", template({"Table": protected, "Role": role("lambda", allow([*POLL, "dynamodb:ConditionCheckItem"]))})
    )


@pytest.mark.parametrize("name", ["ImportSourceSpecification", "KinesisStreamSpecification", "ResourcePolicy"])
def test_properties_that_would_do_nothing(name: str):
    with pytest.raises(UnsupportedError, match=rf"Table \(AWS::DynamoDB::Table\): property {name} is not emulated"):
        check("Stack", template({"Table": table(**{name: {}})}))


def test_a_policy_of_a_stream():
    with pytest.raises(UnsupportedError, match="property ResourcePolicy of a StreamSpecification is not emulated"):
        check("Stack", template({"Table": table(StreamSpecification={"ResourcePolicy": {}})}))


@pytest.mark.parametrize("action", ["TransactWriteItems", "TransactGetItems", "BatchWriteItem", "BatchGetItem"])
def test_actions_that_nothing_here_checks(action: str):
    """The first two are no actions at all: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html."""
    statements: list[Any] = [allow(f"dynamodb:{action}")]
    with pytest.raises(UnsupportedError, match=f"action dynamodb:{action} is not emulated"):
        check("Stack", template({"Role": role("lambda", *statements)}))
