"""What is refused of functions that queues and streams feed, by name."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chatops_local.server import UnsupportedError
from chatops_local.server.guard import check
from tests.local.ministack.messaging_stacks import fed_by, queue, topic
from tests.local.ministack.stacks import template
from tests.local.ministack.table_stacks import fed_by_stream, streaming_table


def refusal(resources: dict[str, Any]) -> str:
    with pytest.raises(UnsupportedError) as refused:
        check("Stack", template(resources))
    return str(refused.value)


def filtering(pattern: Any) -> dict[str, Any]:
    return {"FilterCriteria": {"Filters": [{"Pattern": pattern if isinstance(pattern, str) else json.dumps(pattern)}]}}


def stream(**options: Any) -> dict[str, Any]:
    return {"Table": streaming_table(), **fed_by_stream("Table", "", **options)}


def test_a_stream_with_everything_that_is_emulated_passes():
    pattern = {
        "eventName": ["INSERT", {"anything-but": "REMOVE"}],
        "dynamodb": {
            "Keys": {"kind": {"S": ["entry", {"prefix": "e"}]}},
            "NewImage": {"x": {"S": [{"exists": False}]}},
        },
        "userIdentity": {"type": ["Service"]},
    }
    numbers = {"BatchSize": 5, "MaximumBatchingWindowInSeconds": 1, "MaximumRetryAttempts": 3}
    check("Stack", template(stream(**filtering(pattern), **numbers, BisectBatchOnFunctionError=True)))


@pytest.mark.parametrize(
    "name", ["ParallelizationFactor", "TumblingWindowInSeconds", "DestinationConfig", "ScalingConfig"]
)
def test_properties_that_would_do_nothing_for_a_stream(name: str):
    assert f"property {name} is not emulated for a stream" in refusal(stream(**{name: 1}))


@pytest.mark.parametrize("name", ["StartingPosition", "BisectBatchOnFunctionError"])
def test_properties_that_a_queue_does_not_have(name: str):
    options: Any = {name: 1}
    assert f"property {name} is not emulated for a queue" in refusal(
        {"Queue": queue(), **fed_by("Queue", "", **options)}
    )


def test_other_sources():
    assert "event source AWS::SNS::Topic is not emulated" in refusal({"Topic": topic(), **fed_by("Topic", "")})


@pytest.mark.parametrize(
    ("pattern", "problem"),
    [
        ("{", "is not plain JSON text"),
        ({}, "filter {} is not an object with a key"),
        ([], r"filter [] is not an object with a key"),
        ({"body": ["x"]}, "filter on body is not emulated for a stream"),
        ({"eventName": "INSERT"}, 'filter on eventName needs a list of values, not "INSERT"'),
        ({"dynamodb": {"Keys": {"n": {"N": [{"numeric": [">", 1]}]}}}}, "filter operator numeric is not emulated"),
        ({"eventName": [{"wildcard": "*"}]}, "filter operator wildcard is not emulated"),
    ],
)
def test_filters_that_cannot_be_checked(pattern: Any, problem: str):
    assert problem in refusal(stream(**filtering(pattern)))
