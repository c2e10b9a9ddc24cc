"""Functions that streams of tables feed.

https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-eventsourcemapping.html
"""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from chatops_local.server import DeploymentFailedError
from tests.local.ministack.messaging_stacks import until
from tests.local.ministack.stacks import ACCOUNT, REGION, deny, deploy
from tests.local.ministack.table_stacks import POLL, TELLS, fed_by_stream, item, put, streaming_table, told
from tests.local.trust.behaviours import STREAM_POLLER

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from chatops_local.server import DeployedStack, Server

FAILS = """
import json
def handler(event, context):
    print("batch", json.dumps(event["Records"]))
    if any(record["dynamodb"]["Keys"]["id"]["S"] == "bad" for record in event["Records"]):
        raise ValueError("no")
"""
PARTLY = """
import json
def handler(event, context):
    print("batch", json.dumps(event["Records"]))
    bad = [r["dynamodb"]["SequenceNumber"] for r in event["Records"] if r["dynamodb"]["Keys"]["id"]["S"] == "bad"]
    return {"batchItemFailures": [{"itemIdentifier": number} for number in bad]}
"""
SLOW = """
import json, time
def handler(event, context):
    started = time.time()
    time.sleep(0.2)
    print("ran", json.dumps([started, time.time()]))
    print("batch", json.dumps(event["Records"]))
"""
ENTRIES = {"Filters": [{"Pattern": json.dumps({"dynamodb": {"Keys": {"kind": {"S": ["entry"]}}}})}]}


@pytest.fixture
def deployed(
    server: Server, tmp_path: Path, request: pytest.FixtureRequest
) -> Callable[[dict[str, Any]], DeployedStack]:
    name = "".join(word.title() for word in request.node.name.partition("[")[0].split("_"))
    return lambda resources: deploy(server, tmp_path, f"Stream{name}", resources)


def ids(batch: list[dict[str, Any]]) -> list[str]:
    return [record["dynamodb"]["Keys"]["id"]["S"] for record in batch]


def all_ids(server: Server, stack: DeployedStack) -> list[str]:
    return [each for batch in told(server, stack) for each in ids(batch)]


def lost(server: Server, stack: DeployedStack) -> list[str]:
    function = stack.resource("Function")
    return [refusal.reason for refusal in server.refusals() if refusal.target.endswith(f":{function}")]


@STREAM_POLLER.allow(*POLL)
def test_records_are_those_of_aws(server: Server, deployed: Any):
    stack = deployed({"Table": streaming_table(), **fed_by_stream("Table", TELLS)})
    put(server, stack, "a", note="first")
    put(server, stack, "a", note="second")
    server.client("dynamodb").delete_item(
        TableName=stack.resource("Table"), Key={"kind": {"S": "entry"}, "id": {"S": "a"}}
    )
    until(lambda: len(all_ids(server, stack)) == 3)
    first, second, third = [record for batch in told(server, stack) for record in batch]
    assert [first["eventName"], second["eventName"], third["eventName"]] == ["INSERT", "MODIFY", "REMOVE"]
    assert (first["eventSource"], first["awsRegion"]) == ("aws:dynamodb", REGION)
    assert first["dynamodb"]["NewImage"]["note"] == {"S": "first"}
    assert second["dynamodb"]["OldImage"]["note"] == {"S": "first"}
    assert "NewImage" not in third["dynamodb"]
    described = server.client("dynamodb").describe_table(TableName=stack.resource("Table"))["Table"]
    assert first["eventSourceARN"] == described["LatestStreamArn"]
    assert described["LatestStreamArn"].endswith(f"/stream/{described['LatestStreamLabel']}")
    numbers = [record["dynamodb"]["SequenceNumber"] for record in (first, second, third)]
    assert numbers == sorted(numbers)


def test_keys_only_is_no_more_than_keys(server: Server, deployed: Any):
    stack = deployed({"Table": streaming_table("KEYS_ONLY"), **fed_by_stream("Table", TELLS)})
    put(server, stack, "a", note="secret")
    ((record,),) = until(lambda: told(server, stack))
    assert record["dynamodb"]["StreamViewType"] == "KEYS_ONLY"
    assert record["dynamodb"].keys() & {"NewImage", "OldImage"} == set()


def test_a_transaction_is_in_the_stream(server: Server, deployed: Any):
    stack = deployed({"Table": streaming_table(), **fed_by_stream("Table", TELLS, FilterCriteria=ENTRIES)})
    name = stack.resource("Table")
    items = [{"kind": {"S": kind}, "id": {"S": "a"}} for kind in ("entry", "link")]
    server.client("dynamodb").transact_write_items(
        TransactItems=[{"Put": {"TableName": name, "Item": each}} for each in items]
    )
    until(lambda: told(server, stack))
    assert all_ids(server, stack) == ["a"]


def test_only_what_a_filter_lets_through_comes(server: Server, deployed: Any):
    stack = deployed({"Table": streaming_table(), **fed_by_stream("Table", TELLS, FilterCriteria=ENTRIES)})
    put(server, stack, "l1", kind="link")
    put(server, stack, "e1")
    put(server, stack, "l2", kind="link")
    put(server, stack, "e2")
    until(lambda: len(all_ids(server, stack)) == 2)
    assert all_ids(server, stack) == ["e1", "e2"]


def test_changes_within_a_window_come_together(server: Server, deployed: Any):
    # Ten seconds of AWS are half a second here.
    mapping = fed_by_stream("Table", TELLS, MaximumBatchingWindowInSeconds=10)
    stack = deployed({"Table": streaming_table(), **mapping})
    name, expected = stack.resource("Table"), [f"{index:02}" for index in range(20)]
    server.client("dynamodb").batch_write_item(
        RequestItems={name: [{"PutRequest": {"Item": item(each)}} for each in expected]}
    )
    (batch,) = until(lambda: told(server, stack))
    assert ids(batch) == expected


def test_a_full_batch_does_not_wait_for_the_window(server: Server, deployed: Any):
    mapping = fed_by_stream("Table", TELLS, BatchSize=2, MaximumBatchingWindowInSeconds=300)
    stack = deployed({"Table": streaming_table(), **mapping})
    put(server, stack, "a", "b", "c")
    assert ids(until(lambda: told(server, stack))[0]) == ["a", "b"]


def test_one_batch_at_a_time_and_in_order(server: Server, deployed: Any):
    stack = deployed({"Table": streaming_table(), **fed_by_stream("Table", SLOW, BatchSize=3)})
    expected = [f"{index:02}" for index in range(8)]
    put(server, stack, *expected)
    until(lambda: len(all_ids(server, stack)) == 8)
    assert all_ids(server, stack) == expected
    times = told(server, stack, "ran")
    assert len(times) >= 3
    assert all(earlier[1] <= later[0] for earlier, later in pairwise(times))


@pytest.mark.parametrize(("position", "expected"), [("LATEST", ["new"]), ("TRIM_HORIZON", ["old", "new"])])
def test_where_a_mapping_starts(server: Server, tmp_path: Path, position: str, expected: list[str]):
    name = f"Starts{position.title().replace('_', '')}"
    resources = {"Table": streaming_table(), **fed_by_stream("Table", TELLS, StartingPosition=position)}
    stack = deploy(server, tmp_path, name, {each: resources[each] for each in resources if each != "Mapping"})
    put(server, stack, "old")
    stack = deploy(server, tmp_path, name, resources)
    put(server, stack, "new")
    until(lambda: "new" in all_ids(server, stack))
    assert all_ids(server, stack) == expected


def test_who_waits_until_it_is_quiet_has_not_to_look_again(server: Server, deployed: Any):
    stack = deployed({"Table": streaming_table(), **fed_by_stream("Table", SLOW, BatchSize=3)})
    expected = [f"{index:02}" for index in range(8)]
    put(server, stack, *expected)
    until(server.is_quiet)
    assert all_ids(server, stack) == expected


def test_what_waits_to_be_tried_again_is_quiet(server: Server, deployed: Any):
    stack = deployed({"Table": streaming_table(), **fed_by_stream("Table", FAILS)})
    put(server, stack, "bad")
    until(lambda: len(all_ids(server, stack)) >= 4)
    until(server.is_quiet)
    assert set(all_ids(server, stack)) == {"bad"}


def test_a_failed_batch_comes_again_until_its_retries_are_used_up(server: Server, deployed: Any):
    stack = deployed({"Table": streaming_table(), **fed_by_stream("Table", FAILS, MaximumRetryAttempts=2)})
    put(server, stack, "bad")
    until(lambda: lost(server, stack))
    put(server, stack, "good")
    until(lambda: "good" in all_ids(server, stack))
    assert all_ids(server, stack) == ["bad", "bad", "bad", "good"]
    assert lost(server, stack) == ["1 records were discarded: RetryAttemptsExhausted"]


def test_a_batch_is_halved_until_only_what_is_bad_is_given_up(server: Server, deployed: Any):
    mapping = fed_by_stream(
        "Table",
        FAILS,
        MaximumBatchingWindowInSeconds=10,
        BisectBatchOnFunctionError=True,
        MaximumRetryAttempts=0,
    )
    stack = deployed({"Table": streaming_table(), **mapping})
    put(server, stack, "a", "b", "bad", "d")
    until(lambda: lost(server, stack) and all_ids(server, stack)[-1] == "d")
    assert [ids(batch) for batch in told(server, stack)] == [
        ["a", "b", "bad", "d"],
        ["a", "b"],
        ["bad", "d"],
        ["bad"],
        ["d"],
    ]
    assert lost(server, stack) == ["1 records were discarded: RetryAttemptsExhausted"]


def test_only_what_failed_and_what_follows_comes_again(server: Server, deployed: Any):
    mapping = fed_by_stream(
        "Table",
        PARTLY,
        MaximumBatchingWindowInSeconds=10,
        MaximumRetryAttempts=1,
        FunctionResponseTypes=["ReportBatchItemFailures"],
    )
    stack = deployed({"Table": streaming_table(), **mapping})
    put(server, stack, "a", "bad", "c")
    until(lambda: lost(server, stack))
    assert [ids(batch) for batch in told(server, stack)] == [["a", "bad", "c"], ["bad", "c"], ["bad", "c"]]


def test_records_that_are_too_old_are_given_up(server: Server, deployed: Any):
    # Sixty seconds of AWS are three here.
    stack = deployed({"Table": streaming_table(), **fed_by_stream("Table", FAILS, MaximumRecordAgeInSeconds=60)})
    put(server, stack, "bad")
    until(lambda: lost(server, stack))
    assert lost(server, stack) == ["1 records were discarded: MaxRecordAgeExceeded"]
    assert len(told(server, stack)) > 1


@STREAM_POLLER.deny("{missing}")
@pytest.mark.parametrize("missing", POLL)
def test_a_role_that_may_not_poll_is_refused_at_the_deployment(server: Server, tmp_path: Path, missing: str):
    granted = tuple(action for action in POLL if action != missing)
    resources = {"Table": streaming_table(), **fed_by_stream("Table", TELLS, granted=granted)}
    with pytest.raises(DeploymentFailedError, match=f"Cannot access stream .*not authorized to perform: {missing}"):
        deploy(server, tmp_path, f"Without{missing.partition(':')[2]}", resources)


@STREAM_POLLER.deny("{missing}")
@pytest.mark.parametrize("missing", POLL)
def test_a_role_that_loses_a_right_gets_nothing_more(server: Server, tmp_path: Path, missing: str):
    name = f"Losing{missing.partition(':')[2]}"
    resources = {"Table": streaming_table(), **fed_by_stream("Table", TELLS)}
    stack = deploy(server, tmp_path, name, resources)
    put(server, stack, "a")
    until(lambda: told(server, stack))
    iam, role = server.client("iam"), stack.resource("Role")
    policy = {"Version": "2012-10-17", "Statement": [deny(missing)]}
    iam.put_role_policy(RoleName=role, PolicyName="closed", PolicyDocument=json.dumps(policy))
    put(server, stack, "b")
    (reason,) = until(lambda: lost(server, stack))
    assert f"is not authorized to perform: {missing} on resource: arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/" in reason
    iam.delete_role_policy(RoleName=role, PolicyName="closed")
    until(lambda: len(all_ids(server, stack)) == 2)
    assert all_ids(server, stack) == ["a", "b"], "nothing was lost meanwhile"


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"StartingPosition": "AT_TIMESTAMP"}, "StartingPosition AT_TIMESTAMP is not allowed"),
        ({"BatchSize": 10_001}, "BatchSize 10001 is not between 1 and 10000"),
        ({"MaximumBatchingWindowInSeconds": 301}, "MaximumBatchingWindowInSeconds 301 is not between 0 and 300"),
        ({"MaximumRetryAttempts": -2}, "MaximumRetryAttempts -2 is not between -1 and 10000"),
        ({"MaximumRecordAgeInSeconds": 59}, "MaximumRecordAgeInSeconds 59 is neither -1 nor between 60 and 604800"),
    ],
)
def test_numbers_that_lambda_refuses(server: Server, tmp_path: Path, options: dict[str, Any], problem: str):
    resources = {"Table": streaming_table(), **fed_by_stream("Table", TELLS, **options)}
    with pytest.raises(DeploymentFailedError, match=problem):
        deploy(server, tmp_path, f"Refused{next(iter(options))}", resources)


def test_a_mapping_that_is_disabled_waits(server: Server, tmp_path: Path):
    resources = {"Table": streaming_table(), **fed_by_stream("Table", TELLS, Enabled=False)}
    stack = deploy(server, tmp_path, "Disabled", resources)
    put(server, stack, "a")
    resources["Mapping"]["Properties"]["Enabled"] = True
    deploy(server, tmp_path, "Disabled", resources)
    until(lambda: told(server, stack))
    assert all_ids(server, stack) == ["a"]


def test_an_update_takes_a_filter_away(server: Server, tmp_path: Path):
    resources = {"Table": streaming_table(), **fed_by_stream("Table", TELLS, FilterCriteria=ENTRIES)}
    stack = deploy(server, tmp_path, "Unfiltered", resources)
    put(server, stack, "l1", kind="link")
    put(server, stack, "e1")
    until(lambda: told(server, stack))
    del resources["Mapping"]["Properties"]["FilterCriteria"]
    deploy(server, tmp_path, "Unfiltered", resources)
    put(server, stack, "l2", kind="link")
    until(lambda: len(all_ids(server, stack)) == 2)
    assert all_ids(server, stack) == ["e1", "l2"]


def test_a_stack_with_a_stream_is_deleted(server: Server, deployed: Any):
    stack = deployed({"Table": streaming_table(), **fed_by_stream("Table", TELLS)})
    server.destroy(stack)
    assert stack.resource("Table") not in server.client("dynamodb").list_tables()["TableNames"]
