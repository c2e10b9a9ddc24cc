"""What `/ops status` and `/ops history` answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from chatops_runtime.command_function import Channel, SlackCommand, User
from chatops_runtime.status.executions import Executions
from chatops_runtime.status.run import Run
from chatops_runtime.status.views import Views
from tests.runtime.status.executions_double import MACHINES, NOW, StepFunctions

if TYPE_CHECKING:
    from chatops_runtime.contracts.commands_table import CommandEntry, CommandsTable

ASKED = SlackCommand.for_test(user=User("U1", "taro"), channel=Channel("C1", "ops"), request_id="asked")


def entry(machine: str, **fields: Any) -> CommandEntry:
    required = {"machine": machine, "description": "d", "usage": "u", "accepts_text": True, "visible": "user"}
    return {**required, "allow": {"kind": "workspace"}, **fields}  # type: ignore[typeddict-item]


TABLE: CommandsTable = {
    "version": 2,
    "refusals": "Refusals",
    "commands": {
        "/ps": entry("Ps"),
        "/ops restart": entry("Restart", approval={"channel": "C9"}),
        "/ops status": entry("Status"),
    },
    "aliases": {"/restart": "/ops restart"},
}


@pytest.fixture
def aws() -> StepFunctions:
    return StepFunctions()


def views(aws: StepFunctions) -> Views:
    return Views(TABLE, Executions(aws, MACHINES), lambda: NOW)


def status(aws: StepFunctions, asked: SlackCommand = ASKED) -> str:
    reply = views(aws).status(asked)
    assert reply.visible == "user"
    return str(reply.mrkdwn)


def history(aws: StepFunctions, **arguments: Any) -> str:
    asked = SlackCommand.for_test(
        user=ASKED.user, channel=ASKED.channel, request_id=ASKED.request_id, arguments=arguments
    )
    reply = views(aws).history(asked)
    assert reply.visible == "user"
    return str(reply.mrkdwn)


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("•")]


class TestStatus:
    def test_nothing_runs_but_the_question(self, aws: StepFunctions) -> None:
        aws.add("Status", "asked", status="RUNNING", minutes_ago=0)
        aws.add("Ps", "over", minutes_ago=1)
        assert status(aws) == "Nothing is running."

    def test_what_runs_is_told_newest_first(self, aws: StepFunctions) -> None:
        aws.add("Ps", "a1b2c3d4e5f6", status="RUNNING", minutes_ago=90, text="-e <x>")
        aws.add("Restart", "0a0b0c0d0e0f", status="RUNNING", minutes_ago=0.2, text="web", user_id="U2")
        first, second = lines(status(aws))
        assert "for 12s, id `0a0b0c0d0e`" in first
        assert first.startswith("• `/ops restart` … runs: <@U2>, <!date^")
        assert second.startswith("• `/ps -e &lt;x&gt;` runs: <@U1>, ")
        assert "for 1h30m" in second

    @pytest.mark.parametrize(
        ("state", "told"),
        [
            ("Wait for the approval", "waits for an approval"),
            ("Wait for the confirmation", "waits for a confirmation"),
            ("Find the instances", "runs"),
        ],
    )
    def test_who_is_waited_for(self, aws: StepFunctions, state: str, told: str) -> None:
        aws.add("Restart", "one", status="RUNNING", minutes_ago=1, states=["Ask for the approval", state])
        (line,) = lines(status(aws))
        assert f"{told}: <@U1>" in line

    def test_histories_are_read_of_commands_that_ask_only(self, aws: StepFunctions) -> None:
        aws.add("Ps", "one", status="RUNNING", minutes_ago=1)
        status(aws)
        assert "GetExecutionHistory" not in [name for name, _ in aws.calls]

    def test_the_newest_twenty(self, aws: StepFunctions) -> None:
        for number in range(25):
            aws.add("Ps" if number % 2 else "Restart", f"run-{number:02}", status="RUNNING", minutes_ago=number)
        text = status(aws)
        assert "(the newest 20; there are more)" in text
        assert [f"run-{number:02}" in line for number, line in enumerate(lines(text))] == [True] * 20
        described = [call for name, call in aws.calls if name == "DescribeExecution"]
        assert len(described) == 20

    @pytest.mark.parametrize("size", [1, 7])
    def test_a_page_may_be_short(self, aws: StepFunctions, size: int) -> None:
        aws.page = size
        for number in range(10):
            aws.add("Ps", f"run-{number}", status="RUNNING", minutes_ago=number)
        assert len(lines(status(aws))) == 10


class TestPrivacy:
    @pytest.mark.parametrize(
        ("request_fields", "shown"),
        [
            ({"user_id": "U1", "visible": "user", "channel_id": "C9"}, True),
            ({"user_id": "U2", "visible": "user", "channel_id": "C1"}, False),
            ({"user_id": "U2", "visible": "channel", "channel_id": "C1"}, True),
            ({"user_id": "U2", "visible": "channel", "channel_id": "C9"}, False),
        ],
    )
    def test_what_was_typed_is_shown_to_whom_it_was_shown(
        self, aws: StepFunctions, request_fields: dict[str, Any], shown: bool
    ) -> None:
        aws.add("Ps", "one", status="RUNNING", minutes_ago=1, text="canary", **request_fields)
        for text in (status(aws), history(aws)):
            assert ("canary" in text) is shown
            assert ("`/ps` …" in text) is not shown
            assert "secret" not in text

    def test_it_is_in_no_repr(self) -> None:
        run = Run("/ps", "one", {"text": "canary", "response_url": "https://secret"}, "RUNNING", NOW)
        assert "canary" not in repr(run)
        assert "secret" not in repr(run)

    def test_nobody_is_pinged(self, aws: StepFunctions) -> None:
        aws.add("Ps", "one", status="RUNNING", minutes_ago=1, text="`<!channel>` <@U9>", user_id="<!here>")
        text = status(aws, SlackCommand.for_test(user=User("<!here>", "x")))
        assert "<!channel>" not in text
        assert "<!here>" not in text
        assert "<@U9>" not in text


class TestHistory:
    @pytest.mark.parametrize(
        ("fields", "told"),
        [
            ({}, ":white_check_mark: succeeded"),
            ({"status": "FAILED", "error": "ChatOps.ActionFailed"}, ":x: failed"),
            ({"status": "FAILED", "error": "ChatOps.Declined"}, ":no_entry: was not run"),
            ({"status": "TIMED_OUT"}, ":x: timed out"),
            ({"status": "ABORTED"}, ":x: was stopped"),
            (
                {"status": "ABORTED", "error": "ChatOps.Cancelled", "cause": "U7"},
                ":no_entry_sign: was cancelled by <@U7>",
            ),
            ({"status": "ABORTED", "error": "ChatOps.Cancelled", "cause": "<!here>"}, ":no_entry_sign: was cancelled:"),
            ({"status": "RUNNING"}, "runs"),
        ],
    )
    def test_how_it_ended(self, aws: StepFunctions, fields: dict[str, Any], told: str) -> None:
        aws.add("Ps", "one", minutes_ago=3, **fields)
        (line,) = lines(history(aws))
        assert f"`/ps` {told}" in line
        assert "5s, id" in line or "for 3m, id" in line

    def test_nothing(self, aws: StepFunctions) -> None:
        assert history(aws) == "Nothing was run."
        assert history(aws, since=10_800) == "Nothing was run within 3h."

    @pytest.mark.parametrize("typed", ["/ops restart", "ops  restart", "/restart", "restart"])
    def test_of_one_command(self, aws: StepFunctions, typed: str) -> None:
        aws.add("Ps", "one", minutes_ago=3)
        aws.add("Restart", "two", minutes_ago=4)
        text = history(aws, command=typed)
        assert "*Run last of `/ops restart`*" in text
        assert len(lines(text)) == 1
        assert [call["stateMachineArn"] for name, call in aws.calls if name == "ListExecutions"] == [
            f"{MACHINES}Restart"
        ]

    def test_of_one_that_there_is_not(self, aws: StepFunctions) -> None:
        assert history(aws, command="/opps restart") == (
            "There is no command `/opps restart` here. Do you mean `/ops restart`?"
        )
        assert history(aws, command="<!channel>") == "There is no command `&lt;!channel&gt;` here."
        assert aws.calls == []

    def test_within_some_time(self, aws: StepFunctions) -> None:
        aws.add("Ps", "young", minutes_ago=59)
        aws.add("Ps", "old", minutes_ago=61)
        text = history(aws, since=3600)
        assert "*Run last within 1h*" in text
        assert len(lines(text)) == 1

    def test_the_newest_twenty_of_all_commands(self, aws: StepFunctions) -> None:
        for number in range(21):
            aws.add("Ps", f"ps-{number}", minutes_ago=10 + number)
        aws.add("Restart", "newest", minutes_ago=1)
        text = history(aws)
        first, *_ = lines(text)
        assert "`newest`" in first
        assert len(lines(text)) == 20
        assert "there are more" in text

    def test_twenty_are_not_more_than_twenty(self, aws: StepFunctions) -> None:
        aws.add("Ps", "asked", minutes_ago=0)
        for number in range(20):
            aws.add("Ps", f"ps-{number}", minutes_ago=10 + number)
        text = history(aws)
        assert len(lines(text)) == 20
        assert "there are more" not in text
