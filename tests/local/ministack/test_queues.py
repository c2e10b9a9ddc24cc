"""Queues in scaled time, dead-letter queue redrive, and that no message is lost between threads."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from tests.local.ministack.messaging_stacks import arn_of, queue, until
from tests.local.ministack.stacks import arn, deploy

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from chatops_local.server import DeployedStack, Server

SCALE = 0.05


@pytest.fixture
def deployed(
    server: Server, tmp_path: Path, request: pytest.FixtureRequest
) -> Callable[[dict[str, Any]], DeployedStack]:
    name = "".join(word.title() for word in request.node.name.partition("[")[0].split("_"))
    return lambda resources: deploy(server, tmp_path, name, resources)


def test_a_received_message_is_visible_again_after_scaled_time(server: Server, deployed: Any):
    url = deployed({"Queue": queue(VisibilityTimeout=10)}).resource("Queue")
    sqs = server.client("sqs")
    sqs.send_message(QueueUrl=url, MessageBody="m")
    began = time.monotonic()
    assert sqs.receive_message(QueueUrl=url)["Messages"]
    assert "Messages" not in sqs.receive_message(QueueUrl=url)
    until(lambda: server.messages(url)[0].visible)
    assert 10 * SCALE * 0.9 < time.monotonic() - began < 10


def test_visibility_can_be_changed_in_scaled_time(server: Server, deployed: Any):
    url = deployed({"Queue": queue(VisibilityTimeout=43_200)}).resource("Queue")
    sqs = server.client("sqs")
    sqs.send_message(QueueUrl=url, MessageBody="m")
    handle = sqs.receive_message(QueueUrl=url)["Messages"][0]["ReceiptHandle"]
    sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=handle, VisibilityTimeout=6)
    assert not server.messages(url)[0].visible
    until(lambda: server.messages(url)[0].visible, seconds=5)


@pytest.mark.parametrize("of", ["the queue", "the message"])
def test_a_delay_is_scaled(server: Server, tmp_path: Path, of: str):
    made = queue(DelaySeconds=20) if of == "the queue" else queue()
    url = deploy(server, tmp_path, "Delay" + of.title().replace(" ", ""), {"Queue": made}).resource("Queue")
    delay = {} if of == "the queue" else {"DelaySeconds": 20}
    server.client("sqs").send_message(QueueUrl=url, MessageBody="m", **delay)
    assert not server.messages(url)[0].visible
    until(lambda: server.messages(url)[0].visible, seconds=10)


def test_what_is_older_than_the_retention_period_is_gone(server: Server, deployed: Any):
    url = deployed({"Queue": queue(MessageRetentionPeriod=60)}).resource("Queue")
    sqs = server.client("sqs")
    sqs.send_message(QueueUrl=url, MessageBody="m")

    def count() -> str:
        names = ["ApproximateNumberOfMessages"]
        value: str = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"][names[0]]
        return value

    assert count() == "1"
    # A minute of AWS: three seconds here.
    until(lambda: count() == "0", seconds=10)


def dead_letters(**destination: Any) -> dict[str, Any]:
    redrive = {"deadLetterTargetArn": arn_of("Dead"), "maxReceiveCount": 1}
    return {"Dead": queue(), "Queue": queue(VisibilityTimeout=0, RedrivePolicy=redrive), **destination}


def killed(server: Server, stack: DeployedStack) -> str:
    """Let a message go to the dead-letter queue; its id."""
    sqs, url = server.client("sqs"), stack.resource("Queue")
    message: str = sqs.send_message(QueueUrl=url, MessageBody="m")["MessageId"]
    until(lambda: "Messages" not in sqs.receive_message(QueueUrl=url))
    assert [found.message_id for found in server.messages(stack.resource("Dead"))] == [message]
    return message


def test_dead_letters_go_back_to_where_they_came_from(server: Server, deployed: Any):
    stack = deployed(dead_letters())
    old = killed(server, stack)
    sqs = server.client("sqs")
    source = arn("sqs", stack.resource("Dead").rpartition("/")[2])
    handle = sqs.start_message_move_task(SourceArn=source)["TaskHandle"]
    assert server.messages(stack.resource("Dead")) == []
    (message,) = server.messages(stack.resource("Queue"))
    # "Redriven messages are considered new messages with a new messageID and enqueueTime".
    assert (message.body, message.receive_count) == ("m", 0)
    assert message.message_id != old
    (task,) = sqs.list_message_move_tasks(SourceArn=source)["Results"]
    assert (task["Status"], task["ApproximateNumberOfMessagesMoved"]) == ("COMPLETED", 1)
    assert handle


def test_dead_letters_go_to_another_queue_if_that_is_said(server: Server, deployed: Any):
    stack = deployed(dead_letters(Other=queue()))
    killed(server, stack)
    names = {name: arn("sqs", stack.resource(name).rpartition("/")[2]) for name in ("Dead", "Other")}
    server.client("sqs").start_message_move_task(SourceArn=names["Dead"], DestinationArn=names["Other"])
    assert [message.body for message in server.messages(stack.resource("Other"))] == ["m"]


def test_only_dead_letter_queues_are_redriven(server: Server, deployed: Any):
    stack = deployed({"Queue": queue()})
    with pytest.raises(ClientError, match="must be configured as a Dead Letter Queue"):
        server.client("sqs").start_message_move_task(SourceArn=arn("sqs", stack.resource("Queue").rpartition("/")[2]))


def test_a_queue_that_is_not_there_is_named(server: Server):
    with pytest.raises(Exception, match="queue 'nowhere' does not exist"):
        server.messages("nowhere")


def test_no_message_is_lost_between_senders_and_receivers(server: Server, deployed: Any):
    url = deployed({"Queue": queue()}).resource("Queue")
    sqs = server.client("sqs")
    sent = [str(index) for index in range(60)]
    received: list[str] = []

    def send(part: list[str]) -> None:
        for text in part:
            sqs.send_message(QueueUrl=url, MessageBody=text)

    senders = [threading.Thread(target=send, args=(sent[index::3],)) for index in range(3)]
    for sender in senders:
        sender.start()
    while len(received) < len(sent):
        for message in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1).get("Messages", []):
            received.append(message["Body"])
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    for sender in senders:
        sender.join()
    assert sorted(received) == sorted(sent)
