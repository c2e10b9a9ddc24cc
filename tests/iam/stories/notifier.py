"""What is published for Slack."""

from __future__ import annotations

import itertools
import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from chatops_local.slack import Fault
from tests.iam.apps import Story

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.iam.laboratory import Laboratory

_NUMBERS = itertools.count(1)
_SEND = "sqs:SendMessage"


def stories_of(id: str, *, topic: str | None = None) -> tuple[Story, ...]:
    """Everything that can become of a notice, by the notifier's id.

    Args:
        id: the notifier's.
        topic: the ARN of its topic. Default: an own one.
    """

    def topic_of(laboratory: Laboratory) -> str:
        return topic or laboratory.id(f"{id}Topic")

    def publish(laboratory: Laboratory) -> str:
        text = f"notice {next(_NUMBERS)}."
        region = topic_of(laboratory).split(":")[3]
        laboratory.cloud.server.client("sns", region).publish(TopicArn=topic_of(laboratory), Message=text)
        return text

    def wait(laboratory: Laboratory, text: str) -> None:
        laboratory.until(lambda: any(text in message.text for message in laboratory.cloud.slack.messages))
        laboratory.until(lambda: not laboratory.cloud.server.messages(laboratory.id(f"{id}Queue")))

    def is_said(laboratory: Laboratory) -> None:
        wait(laboratory, publish(laboratory))

    def goes_off(laboratory: Laboratory) -> None:
        cloudwatch, name = laboratory.cloud.server.client("cloudwatch"), f"alarm-{next(_NUMBERS)}."
        cloudwatch.put_metric_alarm(
            AlarmName=name,
            Namespace="Test",
            MetricName="Errors",
            Statistic="Sum",
            Period=60,
            EvaluationPeriods=1,
            Threshold=1,
            ComparisonOperator="GreaterThanThreshold",
            AlarmActions=[topic_of(laboratory)],
        )
        laboratory.cloud.server.set_alarm_state(name, "ALARM")
        wait(laboratory, name)

    def is_refused(laboratory: Laboratory) -> None:
        letters = len(laboratory.cloud.server.messages(laboratory.id(f"{id}DeadLetters")))
        laboratory.cloud.slack.faults.inject("chat.postMessage", Fault.refusal("is_archived"))
        publish(laboratory)
        laboratory.until(lambda: laboratory.cloud.server.messages(laboratory.id(f"{id}DeadLetters"))[letters:])

    def is_not_taken(laboratory: Laboratory) -> None:
        letters = len(laboratory.cloud.server.messages(laboratory.id(f"{id}DeadLetters")))
        with closed(laboratory, laboratory.id(f"{id}Queue")):
            publish(laboratory)
            laboratory.until(lambda: laboratory.cloud.server.messages(laboratory.id(f"{id}DeadLetters"))[letters:])

    stories = (
        Story(f"a notice is published to {id}", is_said),
        Story(f"Slack refuses a notice of {id}", is_refused),
        Story(f"the queue of {id} takes nothing", is_not_taken, denies=(_SEND,)),
    )
    return stories if topic else (*stories, Story(f"an alarm of {id} goes off", goes_off))


@contextmanager
def closed(laboratory: Laboratory, queue: str) -> Iterator[None]:
    """Inside, nobody may send to a queue, whatever its policy says."""
    sqs = laboratory.cloud.server.client("sqs")

    def policy() -> dict[str, Any]:
        document: dict[str, Any] = json.loads(
            sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["Policy"])["Attributes"]["Policy"]
        )
        return document

    def store(document: dict[str, Any]) -> None:
        sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": json.dumps(document)})

    denial = {"Sid": "DeniedByTheStory", "Effect": "Deny", "Principal": "*", "Action": _SEND, "Resource": "*"}
    before = policy()
    store({**before, "Statement": [*before["Statement"], denial]})
    try:
        yield
    finally:
        # What is given back meanwhile stays.
        now = policy()
        store({**now, "Statement": [one for one in now["Statement"] if one.get("Sid") != denial["Sid"]]})
