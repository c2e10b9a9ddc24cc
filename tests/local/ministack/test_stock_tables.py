"""Why the corrections of HTTP APIs, tables and streams are there: what MiniStack does without them.

When one of these tests fails, MiniStack has changed and the correction that it names may go.
"""

from __future__ import annotations

import inspect
import json
from importlib import import_module
from typing import Any

import pytest


def test_cors_of_a_template_is_not_read():
    apigateway = import_module("ministack.services.apigateway")
    assert apigateway._cors_response_headers({"AllowOrigins": ["https://page.example"]}, "https://page.example") == {}


def test_a_preflight_of_a_stranger_is_refused():
    apigateway = import_module("ministack.services.apigateway")
    assert (
        apigateway._cors_preflight_response({"allowOrigins": ["https://page.example"]}, "https://evil.example")[0]
        == 403
    )


@pytest.fixture
def created_table() -> Any:
    handlers = import_module("ministack.services.cloudformation.provisioners")._RESOURCE_HANDLERS[
        "AWS::DynamoDB::Table"
    ]
    properties = {
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "StreamSpecification": {"StreamViewType": "KEYS_ONLY"},
    }
    name, attributes = handlers["create"]("Table", properties, "stock")
    yield attributes
    handlers["delete"](name, properties)


def test_the_label_of_a_stream_is_no_label(created_table: dict[str, str]):
    assert created_table["StreamArn"].endswith("Z"), "labels end with milliseconds"


def test_anything_but_matches_what_is_not_there():
    assert import_module("ministack.services.lambda_svc")._match_esm_filter({}, {"a": [{"anything-but": ["x"]}]})


def test_items_of_a_transaction_have_no_keys_of_their_own():
    put = {"TableName": "t", "Item": {"id": {"S": "1"}}}
    body = json.dumps({"TransactItems": [{"Put": put}]}).encode()
    arguments = ("dynamodb:TransactWriteItems", body, "us-east-1", "123456789012")
    checks = import_module("ministack.core.iam_actions").dynamodb_transaction_checks(*arguments)
    assert checks == [("dynamodb:PutItem", "arn:aws:dynamodb:us-east-1:123456789012:table/t")]


def test_no_stream_hears_of_what_time_to_live_deletes():
    assert "_emit_stream_event" not in inspect.getsource(import_module("ministack.services.dynamodb")._ttl_reaper)
