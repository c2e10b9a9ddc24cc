"""From a topic to a channel: the deployed app, with a Slack that is busy, down, or refuses."""

from __future__ import annotations

import json
import re
import threading
import time
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from chatops_local.app import synth
from chatops_local.cloud import LocalCloud
from chatops_local.slack.chat_methods import ChatMethods, RateLimitedError
from chatops_local.slack.content import RejectedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chatops_local.server import DeployedStack

APP = Path(__file__).parent / "notifier_app"
CHANNEL = "C0123OPS"
# Waits for turns are real: less, and a visibility timeout would end while a function waits.
TIME_SCALE = 0.05


class Notices:
    """The deployed app, and what tests want to know of it."""

    def __init__(self, cloud: LocalCloud, assembly: Path) -> None:
        self.cloud = cloud
        self._assembly = assembly
        self.stack = self.deploy()

    def deploy(self, edit: Callable[[dict[str, Any]], None] | None = None) -> DeployedStack:
        self.stack = self.cloud.deploy(self._assembly, edit_template=edit)
        return self.stack

    def publish(self, message: str, notifier: str = "One", **options: str) -> None:
        topic = self.stack.outputs[f"{notifier}Topic"]
        self.cloud.server.client("sns").publish(TopicArn=topic, Message=message, **options)

    def said(self, part: str) -> list[Any]:
        return [message for message in self.cloud.slack.messages if part in message.text]

    def wait(self, part: str) -> Any:
        return self.cloud.slack.wait_for(lambda message: part in message.text, 30)

    def waiting(self, queue: str = "One") -> list[Any]:
        return list(self.cloud.server.messages(self.stack.outputs[f"{queue}Queue"]))

    def dead_letters(self) -> list[Any]:
        return list(self.cloud.server.messages(self.stack.outputs["OneDeadLetters"]))

    def log(self, **facts: str) -> list[dict[str, Any]]:
        """The function's own lines in which these facts are."""
        texts = [line.message for line in self.cloud.server.function_logs() if '"event": "notifier"' in line.message]
        return [line for line in map(json.loads, texts) if facts.items() <= line.items()]


def until(condition: Callable[[], Any], seconds: float = 30) -> Any:
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, "it does not become true"
        time.sleep(0.05)
    return value


@pytest.fixture(scope="module")
def notices(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Notices]:
    (assembly,) = synth(APP, tmp_path_factory.mktemp("cdk.out"), account="123456789012", region="us-east-1").directories
    with LocalCloud.start(time_scale=TIME_SCALE, instances=[]) as cloud:
        yield Notices(cloud, assembly)


@contextmanager
def slack_says(*answers: Exception) -> Iterator[list[float]]:
    """What Slack says to the next posts, and to all from the last one on; the times at which it was asked."""
    asked: list[float] = []
    left = list(answers)
    lock = threading.Lock()

    def take_turn(*_: object) -> None:
        with lock:
            asked.append(time.time())
            raise left.pop(0) if len(left) > 1 else left[0]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ChatMethods, "_take_turn", take_turn)
        yield asked


def impatient(template: dict[str, Any]) -> None:
    """Gives up after two seconds, and comes again after four."""
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Lambda::Function":
            resource["Properties"]["Timeout"] = 27
        if "RedrivePolicy" in resource.get("Properties", {}) and resource["Type"] == "AWS::SQS::Queue":
            resource["Properties"]["VisibilityTimeout"] = 80


def test_a_notice_is_said_in_the_channel(notices: Notices):
    notices.publish("91 % of / <!here>", Subject="Disk alert")
    message = notices.wait("Disk alert")
    assert message.channel == CHANNEL
    assert message.text == ":speech_balloon: *Disk alert*\n91 % of / &lt;!here&gt;"
    assert message.notifies == ()
    assert message.unfurls == ()
    until(lambda: not notices.waiting())


def test_an_alarm_is_said_with_its_state(notices: Notices):
    arn = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:orders-5xx"
    alarm = {"AlarmName": "orders-5xx", "NewStateValue": "ALARM", "NewStateReason": "12 > 10", "AlarmArn": arn}
    notices.publish(json.dumps(alarm))
    text = notices.wait("orders-5xx").text
    assert text.startswith(":red_circle: *ALARM* *<https://console.aws.amazon.com/cloudwatch/home?region=us-east-1#")


def test_a_notice_that_is_encrypted_all_the_way(notices: Notices):
    notices.publish("encrypted", "Keyed")
    assert notices.wait("encrypted").channel == "C0456DEV"
    with slack_says(RejectedError("is_archived")):
        notices.publish("encrypted and refused", "Keyed")
        until(lambda: notices.cloud.server.messages(notices.stack.outputs["KeyedDeadLetters"]))


def test_a_storm_is_a_few_messages_a_second_apart_and_nothing_is_lost(notices: Notices):
    before = len(notices.cloud.slack.messages)
    for number in range(200):
        notices.publish(f"storm {number}.", "One" if number % 2 else "Two", Subject=f"Storm {number % 50}")

    def counted() -> int:
        return sum(map(count, notices.cloud.slack.messages[before:]))

    def count(message: Any) -> int:
        digest = re.match(r"\*(\d+) notices\*", message.text)
        return int(digest[1]) if digest else message.text.count(":speech_balloon:")

    until(lambda: counted() >= 200)
    messages = notices.cloud.slack.messages[before:]
    assert counted() == 200
    assert len(messages) <= 40
    times = [message.at for message in messages]
    assert min(later - earlier for earlier, later in pairwise(times)) >= 1
    # Not even a burst, which the double would have answered with 429.
    assert not notices.log(outcome="comes_again")
    assert notices.dead_letters() == []


def test_retry_after_is_obeyed_by_all_notifiers_of_the_channel(notices: Notices):
    with slack_says(RateLimitedError(4)) as asked:
        notices.publish("busy one", "One")
        began = until(lambda: asked)[0]
    # Now Slack would take it, and nobody asks.
    notices.publish("busy two", "Two")
    one, two = notices.wait("busy one"), notices.wait("busy two")
    assert min(one.at, two.at) - began >= 4
    assert abs(one.at - two.at) >= 1
    assert len(asked) == 1


def test_an_outage_is_waited_for_in_the_queue(notices: Notices):
    notices.deploy(impatient)
    try:
        with slack_says(RejectedError("service_unavailable")):
            notices.publish("during the outage")
            until(lambda: notices.log(outcome="comes_again"))
            assert len(notices.waiting()) == 1
        notices.wait("during the outage")
        until(lambda: not notices.waiting())
        assert len(notices.said("during the outage")) == 1
        assert notices.dead_letters() == []
        (line, *_) = notices.log(outcome="comes_again")
        assert "service_unavailable" in line["detail"]
    finally:
        notices.deploy()


def test_what_slack_refuses_is_kept_and_can_be_sent_again(notices: Notices):
    with slack_says(RejectedError("not_in_channel")):
        notices.publish("refused at first", Subject="Refused")
        (letter,) = until(notices.dead_letters)
    assert json.loads(letter.body)["Message"] == "refused at first"
    until(lambda: not notices.waiting())
    (line,) = notices.log(outcome="refused", reason="not_in_channel")
    assert "invite the app" in line["what_to_do"]
    assert "refused at first" not in json.dumps(line)
    # As the line says.
    sqs = notices.cloud.server.client("sqs")
    arns = [
        sqs.get_queue_attributes(QueueUrl=notices.stack.outputs[queue], AttributeNames=["QueueArn"])["Attributes"]
        for queue in ("OneDeadLetters", "OneQueue")
    ]
    sqs.start_message_move_task(SourceArn=arns[0]["QueueArn"], DestinationArn=arns[1]["QueueArn"])
    notices.wait("refused at first")
    until(lambda: not notices.dead_letters() and not notices.waiting())


def without(action: str, policy: str) -> Callable[[dict[str, Any]], None]:
    """Take one action away from the policies whose logical ids contain a text."""

    def edit(template: dict[str, Any]) -> None:
        impatient(template)
        taken = 0
        for logical_id, resource in template["Resources"].items():
            if resource["Type"] == "AWS::Lambda::Function":
                # As every change does in AWS: begin anew, without a token in memory.
                resource["Properties"]["Environment"]["Variables"]["WITHOUT"] = action
            if policy in logical_id and "PolicyDocument" in resource["Properties"]:
                document = resource["Properties"]["PolicyDocument"]
                for statement in document["Statement"]:
                    actions = [statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"]
                    statement["Action"] = [other for other in actions if other != action]
                    taken += len(actions) - len(statement["Action"])
                document["Statement"] = [statement for statement in document["Statement"] if statement["Action"]]
        assert taken

    return edit


ROLE = "OneFunctionRoleDefaultPolicy"


class TestWithoutOnePermission:
    @pytest.mark.parametrize(
        ("action", "operation"), [("ssm:GetParameter", "GetParameter"), ("dynamodb:UpdateItem", "UpdateItem")]
    )
    def test_the_log_names_what_is_missing_and_the_notice_waits(self, notices: Notices, action: str, operation: str):
        notices.deploy(without(action, ROLE))
        text = f"without {action}"
        try:
            notices.publish(text)
            (line, *_) = until(lambda: notices.log(outcome="failed", aws_operation=operation))
            assert line["aws_error"] == "AccessDeniedException"
            assert notices.said(text) == []
            assert len(notices.waiting()) == 1
        finally:
            notices.deploy()
        notices.wait(text)

    def test_a_refused_notice_waits_where_the_dead_letters_are_out_of_reach(self, notices: Notices):
        notices.deploy(without("sqs:SendMessage", ROLE))
        try:
            with slack_says(RejectedError("is_archived")):
                notices.publish("nowhere to go")
                (line, *_) = until(lambda: notices.log(outcome="failed", aws_operation="SendMessageBatch"))
            assert "AccessDenied" in line["aws_error"]
            assert notices.dead_letters() == []
            assert len(notices.waiting()) == 1
        finally:
            notices.deploy()
        notices.wait("nowhere to go")

    @pytest.mark.parametrize("action", ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"])
    def test_the_function_gets_nothing_and_the_cloud_says_why(self, notices: Notices, action: str):
        text = f"without {action}"
        notices.deploy(without(action, ROLE))
        try:
            notices.publish(text)
            until(lambda: [one for one in notices.cloud.server.refusals() if action in one.reason])
            assert notices.said(text) == []
        finally:
            notices.deploy()
        notices.wait(text)

    def test_the_topic_cannot_reach_the_queue(self, notices: Notices):
        notices.deploy(without("sqs:SendMessage", "OneQueuePolicy"))
        try:
            notices.publish("without a queue policy")
            # The queue's policy is not the dead-letter queue's.
            (letter,) = until(notices.dead_letters)
            assert "without a queue policy" in letter.body
            assert [one for one in notices.cloud.server.refusals() if "sqs:SendMessage" in one.reason]
            assert notices.waiting() == []
        finally:
            notices.deploy()
