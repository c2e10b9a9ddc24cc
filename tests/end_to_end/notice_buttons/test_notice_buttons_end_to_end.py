"""From a notice to a command and its result: buttons of the deployed app, clicked by who may and by who may not."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from chatops_local.app import synth
from chatops_local.cloud import InstanceSpec, LocalCloud

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatops_local.cloud import Execution
    from chatops_local.server import DeployedStack
    from chatops_local.slack import Message, SentClick

APP = Path(__file__).parent / "app"
CHANNEL = "C0BUTTONS"
ADA, EVE = "U0ADA", "U0EVE"
SECONDS = 60.0
TRACE = "Trace the request"


class Channel:
    """What is published, said and clicked on in the channel."""

    def __init__(self, cloud: LocalCloud, stack: DeployedStack) -> None:
        self.cloud = cloud
        self._stack = stack
        self._numbers = itertools.count(1)

    def publish(self, message: str) -> Message:
        """The notice that it becomes."""
        subject = f"Notice {next(self._numbers)}"
        client = self.cloud.server.client("sns")
        client.publish(TopicArn=self._stack.outputs["Topic"], Subject=subject, Message=message)
        return self.cloud.slack.wait_for(lambda each: subject in each.text, SECONDS)

    def click(self, notice: Message, control: str, user: str) -> SentClick:
        click = self.cloud.slack.click(notice, control, user=user)
        assert click.ack.ok, click.ack
        assert click.ack.body == b""
        click.wait(SECONDS)
        return click

    def commands(self, click: SentClick) -> list[Execution]:
        """The executions of commands that it started."""
        return [each for each in self.cloud.executions_of(click) if "Trace" in each.arn]

    def audit_lines(self, click: SentClick) -> list[dict[str, Any]]:
        """The lines of the audit log about it."""
        (name,) = (each.arn.rpartition(":")[2] for each in self.commands(click))
        client = self.cloud.server.client("logs")
        (group,) = (
            each["logGroupName"]
            for each in client.describe_log_groups()["logGroups"]
            if "AuditLog" in each["logGroupName"]
        )
        lines = [json.loads(each["message"]) for each in client.filter_log_events(logGroupName=group)["events"]]
        return [line for line in lines if line["id"] == name]

    def result(self, click: SentClick) -> Message:
        """What everybody in the channel sees of it."""
        return self.cloud.slack.wait_for(
            lambda each: each.response_url == click.response_url and not each.ephemeral, SECONDS
        )


@pytest.fixture(scope="module")
def channel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Channel]:
    (assembly,) = synth(APP, tmp_path_factory.mktemp("cdk.out"), account="123456789012", region="us-east-1").directories
    with LocalCloud.start(time_scale=0.05, instances=[InstanceSpec("one-1", {"Role": "one"})]) as cloud:
        yield Channel(cloud, cloud.deploy(assembly))


def labels(notice: Message) -> list[str]:
    return [control.label for control in notice.controls]


def test_who_may_runs_the_command_with_what_the_notice_says(channel: Channel):
    notice = channel.publish("The request <a1-b2> failed")
    assert (notice.channel, notice.user) == (CHANNEL, None)
    assert labels(notice) == [TRACE, "Trace the first"]
    click = channel.click(notice, TRACE, ADA)
    assert "a1-b2 until later by U0ADA" in channel.result(click).shown
    (told,) = [message for message in click.messages if message.ephemeral]
    assert told.user == ADA
    assert "Running `/trace`" in told.shown
    (execution,) = channel.commands(click)
    assert execution.status == "SUCCEEDED"
    assert channel.cloud.slack.now(notice) == notice, "others may click as well"


def test_it_is_in_the_audit_log_as_theirs(channel: Channel):
    click = channel.click(channel.publish("The request <c3-d4> failed"), TRACE, ADA)
    channel.result(click)
    (line,) = channel.audit_lines(click)
    assert (line["user_id"], line["command"], line["text"]) == (ADA, "/trace", "c3-d4 --until later")
    assert line["arguments"] == {"request": "c3-d4", "until": "later"}
    assert line["outcome"] == "succeeded"


def test_who_may_not_is_refused_privately_and_nothing_runs(channel: Channel):
    notice = channel.publish("The request <e5-f6> failed")
    click = channel.click(notice, TRACE, EVE)
    (told,) = click.messages
    assert told.user == EVE
    assert "was not run. It is for" in told.shown
    assert channel.commands(click) == []


def test_a_notice_without_an_id_has_only_the_other_button(channel: Channel):
    notice = channel.publish("Something failed")
    assert labels(notice) == ["Trace the first"]
    click = channel.click(notice, "Trace the first", ADA)
    assert "first until now by U0ADA" in channel.result(click).shown


@pytest.mark.parametrize(
    "said",
    [
        "x --until never",
        'x" --until "never',
        "x” --until “never",
        "'; touch $HOME/injected; '",
        "$(touch $HOME/injected)",
        "{{ssm:/butt/slack-bot-token}}",
        "!channel|<@U0EVE>",
    ],
)
def test_whatever_a_notice_says_is_one_argument_and_no_code(channel: Channel, said: str):
    click = channel.click(channel.publish(f"The request <{said}> failed"), TRACE, ADA)
    result = channel.result(click)
    assert f"{said.replace('“', chr(34)).replace('”', chr(34))} until later by U0ADA" in result.shown
    assert result.notifies in ((), ("<@U0ADA>",))
    home = channel.cloud.server.directory / "instances" / channel.cloud.instances["one-1"]
    assert not (home / "injected").exists()
