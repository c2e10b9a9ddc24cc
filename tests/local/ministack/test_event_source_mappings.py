"""Functions that queues feed: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from chatops_local.server import DeploymentFailedError
from tests.local.ministack.messaging_stacks import POLL, arn_of, fed_by, queue, until
from tests.local.ministack.stacks import ACCOUNT, allow, deploy
from tests.local.trust.behaviours import CALLER_KEY, QUEUE_POLLER

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from chatops_local.server import DeployedStack, Server

TELLS = """
import json
def handler(event, context):
    print("batch", json.dumps(event["Records"]))
"""
FAILS = """
def handler(event, context):
    print("batch []")
    raise ValueError("no")
"""
PARTLY = """
import json
def handler(event, context):
    print("batch", json.dumps(event["Records"]))
    return {"batchItemFailures": [{"itemIdentifier": r["messageId"]} for r in event["Records"] if r["body"] == "bad"]}
"""
SLOW = """
import json, time
def handler(event, context):
    print("batch", json.dumps(event["Records"]))
    time.sleep(0.5)
"""


@pytest.fixture
def deployed(
    server: Server, tmp_path: Path, request: pytest.FixtureRequest
) -> Callable[[dict[str, Any]], DeployedStack]:
    name = "".join(word.title() for word in request.node.name.partition("[")[0].split("_"))
    return lambda resources: deploy(server, tmp_path, name, resources)


def send(server: Server, stack: DeployedStack, *texts: str, **options: Any) -> None:
    for text in texts:
        server.client("sqs").send_message(QueueUrl=stack.resource("Queue"), MessageBody=text, **options)


def batches(server: Server, stack: DeployedStack) -> list[list[dict[str, Any]]]:
    """What the function was invoked with, from its log."""
    group = f"/aws/lambda/{stack.resource('Function')}"
    lines = [line.message for line in server.function_logs() if line.group == group]
    return [json.loads(line.removeprefix("batch ")) for line in lines if line.startswith("batch ")]


@QUEUE_POLLER.allow()
def test_a_function_gets_records_and_the_queue_is_empty(server: Server, deployed: Any):
    stack = deployed({"Queue": queue(), **fed_by("Queue", TELLS)})
    before = int(time.time() * 1000)
    send(server, stack, "one", MessageAttributes={"kind": {"DataType": "String", "StringValue": "notice"}})
    until(lambda: batches(server, stack) and not server.messages(stack.resource("Queue")))
    ((record,),) = batches(server, stack)
    assert record["body"] == "one"
    assert (record["eventSource"], record["awsRegion"]) == ("aws:sqs", "us-east-1")
    assert record["eventSourceARN"].endswith(stack.resource("Queue").rpartition("/")[2])
    assert record["messageAttributes"]["kind"]["stringValue"] == "notice"
    attributes = record["attributes"]
    assert attributes["ApproximateReceiveCount"] == "1"
    assert before <= int(attributes["SentTimestamp"]) <= int(attributes["ApproximateFirstReceiveTimestamp"])


def test_messages_sent_together_come_together_within_a_window(server: Server, deployed: Any):
    # Ten seconds of AWS are half a second here.
    stack = deployed({"Queue": queue(), **fed_by("Queue", TELLS, BatchSize=500, MaximumBatchingWindowInSeconds=10)})
    send(server, stack, *(f"m{index}" for index in range(12)))
    until(lambda: batches(server, stack))
    (batch,) = batches(server, stack)
    assert sorted(record["body"] for record in batch) == sorted(f"m{index}" for index in range(12))


def test_a_full_batch_does_not_wait_for_the_window(server: Server, deployed: Any):
    stack = deployed({"Queue": queue(), **fed_by("Queue", TELLS, BatchSize=2, MaximumBatchingWindowInSeconds=300)})
    send(server, stack, "one", "two")
    until(lambda: batches(server, stack))
    assert len(batches(server, stack)[0]) == 2


def test_only_what_failed_comes_again(server: Server, deployed: Any):
    stack = deployed(
        {
            "Dead": queue(),
            "Queue": queue(
                VisibilityTimeout=10, RedrivePolicy={"deadLetterTargetArn": arn_of("Dead"), "maxReceiveCount": 3}
            ),
            **fed_by("Queue", PARTLY, FunctionResponseTypes=["ReportBatchItemFailures"]),
        }
    )
    send(server, stack, "good", "bad", "fine")
    (dead,) = until(lambda: server.messages(stack.resource("Dead")))
    assert (dead.body, dead.receive_count) == ("bad", 3)
    records = [record for batch in batches(server, stack) for record in batch]
    bad = [record["attributes"]["ApproximateReceiveCount"] for record in records if record["body"] == "bad"]
    assert bad == ["1", "2", "3"]
    assert sorted(record["body"] for record in records if record["body"] != "bad") == ["fine", "good"]
    assert server.messages(stack.resource("Queue")) == []


def test_a_function_that_raises_leaves_the_whole_batch(server: Server, deployed: Any):
    stack = deployed(
        {
            "Dead": queue(),
            "Queue": queue(
                VisibilityTimeout=10, RedrivePolicy={"deadLetterTargetArn": arn_of("Dead"), "maxReceiveCount": 2}
            ),
            **fed_by("Queue", FAILS),
        }
    )
    send(server, stack, "one", "two")
    dead = until(lambda: len(found := server.messages(stack.resource("Dead"))) == 2 and found)
    assert {message.receive_count for message in dead} == {2}


@QUEUE_POLLER.deny()
@pytest.mark.parametrize("missing", POLL)
def test_a_role_that_may_not_poll_is_refused_at_the_deployment(server: Server, tmp_path: Path, missing: str):
    granted = tuple(action for action in POLL if action != missing)
    action = missing.partition(":")[2]
    with pytest.raises(DeploymentFailedError, match=f"does not have permissions to call {action} on SQS"):
        deploy(server, tmp_path, f"Without{action}", {"Queue": queue(), **fed_by("Queue", TELLS, granted=granted)})


@QUEUE_POLLER.deny()
@pytest.mark.parametrize("missing", POLL)
def test_a_role_that_loses_a_right_consumes_nothing_more(server: Server, tmp_path: Path, missing: str):
    name = f"Loses{missing.partition(':')[2]}"
    stack = deploy(server, tmp_path, name, {"Queue": queue(), **fed_by("Queue", TELLS)})
    remaining = {"Version": "2012-10-17", "Statement": [allow([action for action in POLL if action != missing])]}
    server.client("iam").put_role_policy(
        RoleName=stack.resource("Role"), PolicyName="policy", PolicyDocument=json.dumps(remaining)
    )
    send(server, stack, "one")
    until(
        lambda: [
            found for found in server.refusals() if found.source.endswith(_name(stack)) and missing in found.reason
        ]
    )
    (message,) = server.messages(stack.resource("Queue"))
    assert (message.receive_count, batches(server, stack)) == (0, [])


@CALLER_KEY.allow()
@CALLER_KEY.deny()
def test_an_encrypted_queue_takes_the_right_to_decrypt(server: Server, tmp_path: Path):
    administrators = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
    own = {"Effect": "Allow", "Principal": administrators, "Action": "kms:*", "Resource": "*"}
    key = {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {"Version": "2012-10-17", "Statement": [own]}}}
    resources = {"Key": key, "Queue": queue(KmsMasterKeyId=arn_of("Key")), **fed_by("Queue", TELLS)}
    with pytest.raises(DeploymentFailedError, match="does not have permissions to call Decrypt on KMS"):
        deploy(server, tmp_path, "MayNotDecrypt", resources)
    resources["Role"]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"].append(
        allow("kms:Decrypt", arn_of("Key"))
    )
    stack = deploy(server, tmp_path, "MayDecrypt", resources)
    send(server, stack, "one")
    until(lambda: batches(server, stack))


def test_at_most_so_many_batches_at_the_same_time(server: Server, deployed: Any):
    limit = {"MaximumConcurrency": 2}
    stack = deployed({"Queue": queue(), **fed_by("Queue", SLOW, BatchSize=1, ScalingConfig=limit)})
    send(server, stack, *"abcd")
    until(lambda: len([m for m in server.messages(stack.resource("Queue")) if m.receive_count]) == 2)
    # Two are in the works, and the others wait although they are visible.
    assert len([message for message in server.messages(stack.resource("Queue")) if message.visible]) == 2
    until(lambda: not server.messages(stack.resource("Queue")))
    assert len(batches(server, stack)) == 4


def test_reserved_concurrency_throttles_what_the_poller_takes(server: Server, deployed: Any):
    # The poller does not know of it: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
    stack = deployed(
        {
            "Dead": queue(),
            "Queue": queue(
                VisibilityTimeout=10, RedrivePolicy={"deadLetterTargetArn": arn_of("Dead"), "maxReceiveCount": 1}
            ),
            **fed_by("Queue", SLOW, BatchSize=1, function={"ReservedConcurrentExecutions": 1, "Timeout": 5}),
        }
    )
    send(server, stack, "one", "two", "three")
    dead = until(lambda: server.messages(stack.resource("Dead")))
    until(lambda: not server.messages(stack.resource("Queue")))
    # Throttled messages are lost to the dead-letter queue without having been processed.
    assert len(batches(server, stack)) + len(server.messages(stack.resource("Dead"))) == 3
    assert dead[0].receive_count == 1


def test_what_a_filter_does_not_let_through_is_deleted(server: Server, deployed: Any):
    criteria = {"Filters": [{"Pattern": json.dumps({"body": {"kind": ["failed"]}})}]}
    stack = deployed({"Queue": queue(), **fed_by("Queue", TELLS, FilterCriteria=criteria)})
    send(server, stack, '{"kind": "failed"}', '{"kind": "succeeded"}')
    until(lambda: not server.messages(stack.resource("Queue")))
    assert [record["body"] for batch in batches(server, stack) for record in batch] == ['{"kind": "failed"}']


def test_a_disabled_mapping_takes_nothing(server: Server, tmp_path: Path):
    disabled = {"Queue": queue(), **fed_by("Queue", TELLS, Enabled=False)}
    stack = deploy(server, tmp_path, "DisabledMapping", disabled)
    send(server, stack, "one")
    # Another one is polled after it: by then it would have been taken.
    other = deploy(server, tmp_path, "EnabledMapping", {"Queue": queue(), **fed_by("Queue", TELLS)})
    send(server, other, "one")
    until(lambda: batches(server, other))
    assert [message.receive_count for message in server.messages(stack.resource("Queue"))] == [0]


@pytest.mark.parametrize(
    ("properties", "queue_properties", "problem"),
    [
        ({"BatchSize": 11}, {}, "Maximum batch window in seconds must be greater than 0"),
        ({"BatchSize": 10_001, "MaximumBatchingWindowInSeconds": 1}, {}, "BatchSize 10001 is not allowed"),
        ({"MaximumBatchingWindowInSeconds": 301}, {}, "not between 0 and 300"),
        ({"ScalingConfig": {"MaximumConcurrency": 1}}, {}, "MaximumConcurrency 1 is not between 2 and 1000"),
        ({"MaximumBatchingWindowInSeconds": 1}, {"FifoQueue": True}, "not supported for FIFO queues"),
        ({}, {"VisibilityTimeout": 5}, "Queue visibility timeout: 5 seconds is less than Function timeout: 10 seconds"),
    ],
)
def test_a_mapping_that_lambda_refuses(
    server: Server, tmp_path: Path, properties: dict[str, Any], queue_properties: dict[str, Any], problem: str
):
    resources = {"Queue": queue(**queue_properties), **fed_by("Queue", TELLS, **properties)}
    with pytest.raises(DeploymentFailedError, match=problem):
        deploy(server, tmp_path, "RefusedMapping", resources)


def _name(stack: DeployedStack) -> str:
    return stack.resource("Queue").rpartition("/")[2]
