"""Long results, closed ways and a busy Slack: what people see in the end."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

import pytest

from chatops_local.slack import Fault
from chatops_runtime.contracts.request import short_id

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatops_local.cloud import LocalCloud
    from chatops_local.slack import Message, SentCommand, SlackApp

BARE = "A0BARE001"
TOKEN = "A0TOKEN01"
PRINTED = ("0123456789abcdef\n" * 1_200)[:20_000]

_channels = itertools.count(1)


class Typed:
    """A command in a channel of its own, when it is over."""

    def __init__(self, cloud: LocalCloud, command_line: str, *, endpoint: str, channel: str | None = None) -> None:
        self.channel = channel or new_channel()
        self.user = f"U0{self.channel[2:]}"
        self.sent: SentCommand = cloud.slack.send(command_line, user=self.user, channel=self.channel, endpoint=endpoint)
        assert self.sent.ack.ok, self.sent.ack.problem
        self.sent.wait(60)
        (self.execution,) = cloud.executions_of(self.sent)
        self.states = [
            event["stateEnteredEventDetails"]["name"]
            for event in cloud.server.execution_history(self.execution.arn)
            if "stateEnteredEventDetails" in event
        ]
        mine = {self.channel, f"D0{self.channel[2:]}"}
        self.messages: list[Message] = [
            message for message in cloud.slack.messages if message.channel in mine and message.via != "ack"
        ]


def new_channel() -> str:
    return f"C0DELIVERY{next(_channels):03}"


def lines(count: int) -> str:
    return "".join(f"line {number:05}\n" for number in range(count))


def lines_in(messages: list[Message]) -> list[str]:
    return [line for message in messages for line in re.findall(r"^line \d{5}$", message.text, re.MULTILINE)]


@pytest.fixture
def app(cloud: LocalCloud) -> Iterator[SlackApp]:
    """The app with the token, with all its scopes before and after."""
    app = cloud.slack.workspace.app(TOKEN, "T0TEAM001")
    yield app
    cloud.slack.workspace.grant(app, "commands", "chat:write", "files:write", "im:write")


def test_long_output_is_a_file_in_the_channel(cloud: LocalCloud) -> None:
    typed = Typed(cloud, "/big", endpoint=TOKEN)
    message, shared = typed.messages
    assert message.via == "response_url"
    assert message.user is None
    assert len(message.text) < 4_000
    assert message.text.endswith("\nMore follows as a file.")
    assert (shared.via, shared.channel) == ("files.completeUploadExternal", typed.channel)
    (file,) = shared.files
    name = typed.execution.arn.rpartition(":")[2]
    assert file.name == f"big-{short_id(name)}.txt"
    assert PRINTED.rstrip() in file.text
    assert short_id(name) in shared.shown
    assert typed.execution.status == "SUCCEEDED"


def test_what_one_person_may_see_is_a_file_in_a_direct_message(cloud: LocalCloud) -> None:
    message, shared = Typed(cloud, "/mine", endpoint=TOKEN).messages
    assert message.ephemeral
    assert message.text.endswith("\nMore follows as a file, in a direct message.")
    assert shared.channel.startswith("D0")
    assert PRINTED.rstrip() in shared.files[0].text


def test_without_a_token_long_output_is_several_messages(cloud: LocalCloud) -> None:
    typed = Typed(cloud, "/big", endpoint=BARE)
    first, second = typed.messages
    assert {message.via for message in typed.messages} == {"response_url"}
    assert first.text.endswith("\nMore follows.")
    fences = [re.search(r"```\n(.*)\n```", message.text, re.DOTALL) for message in (first, second)]
    printed = "".join(fence[1] for fence in fences if fence)
    assert printed.replace("\n", "") == PRINTED.replace("\n", "")


def test_without_a_token_what_does_not_fit_into_four_messages_is_counted(cloud: LocalCloud) -> None:
    typed = Typed(cloud, "/say 9000", endpoint=BARE)
    assert len(typed.messages) == 4
    shown = lines_in(typed.messages)
    assert shown == lines(9_000).splitlines()[: len(shown)]
    assert len(shown) > 4_000
    assert re.search(r"\(This answer was cut: [\d,]+ of 99,000 characters are missing\.\)$", typed.messages[-1].text)
    assert typed.execution.status == "SUCCEEDED"


@pytest.mark.parametrize("scopes", [("commands", "chat:write"), ("commands", "files:write")])
def test_a_file_that_slack_refuses_is_said_and_goes_on_as_messages(
    cloud: LocalCloud, app: SlackApp, scopes: tuple[str, ...]
) -> None:
    cloud.slack.workspace.grant(app, *scopes)
    typed = Typed(cloud, "/mine", endpoint=TOKEN)
    first, second, *_ = typed.messages
    assert first.text.endswith("More follows as a file, in a direct message.")
    assert second.text.startswith("Slack did not take the file (missing_scope). It goes on here:\n")
    assert sum(message.text.count("0123456789abcdef") for message in typed.messages) == PRINTED.count("f")


def test_a_file_for_a_channel_that_the_app_is_not_in_goes_on_as_messages(cloud: LocalCloud, app: SlackApp) -> None:
    channel = new_channel()
    cloud.slack.workspace.remove(app, channel)
    typed = Typed(cloud, "/say 2000", endpoint=TOKEN, channel=channel)
    assert "Slack did not take the file (not_in_channel)." in typed.messages[1].text
    assert lines_in(typed.messages) == lines(2_000).splitlines()


def test_from_the_channel_to_a_direct_message_that_names_it(cloud: LocalCloud, app: SlackApp) -> None:
    channel = new_channel()
    cloud.slack.workspace.remove(app, channel)
    cloud.slack.faults.inject("response_url", Fault.refusal("expired_url", status=404), among=frozenset({channel}))
    typed = Typed(cloud, "/say 2", endpoint=TOKEN, channel=channel)
    (message,) = typed.messages
    assert (message.via, message.channel) == ("chat.postMessage", f"D0{channel[2:]}")
    assert message.text == f"For the channel {channel}:\nline 00000\nline 00001\n"
    assert typed.execution.status == "SUCCEEDED"
    assert cloud.problems_of(typed.sent) == []


def test_a_response_url_that_is_used_up_leads_to_the_channel(cloud: LocalCloud) -> None:
    channel = new_channel()
    cloud.slack.faults.inject("response_url", Fault.refusal("used_url", status=404), among=frozenset({channel}))
    (message,) = Typed(cloud, "/say 1", endpoint=TOKEN, channel=channel).messages
    assert (message.via, message.channel, message.user) == ("chat.postMessage", channel, None)


def test_a_pause_that_slack_asks_for_is_made_and_nothing_is_said_twice(cloud: LocalCloud) -> None:
    channel = new_channel()
    cloud.slack.faults.inject(
        "response_url", Fault.status(429, retry_after=60), after=1, times=2, among=frozenset({channel})
    )
    typed = Typed(cloud, "/say 2000", endpoint=BARE, channel=channel)
    assert lines_in(typed.messages) == lines(2_000).splitlines()
    assert typed.states.count("Wait for Slack") == 2
    assert typed.states.count("Report") == 3
    assert typed.execution.status == "SUCCEEDED"


def test_a_short_pause_is_made_by_the_function_itself(cloud: LocalCloud) -> None:
    channel = new_channel()
    cloud.slack.faults.inject("response_url", Fault.status(429, retry_after=1), among=frozenset({channel}))
    typed = Typed(cloud, "/say 1", endpoint=BARE, channel=channel)
    assert len(typed.messages) == 1
    assert "Wait for Slack" not in typed.states
