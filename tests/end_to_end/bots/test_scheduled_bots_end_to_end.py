"""Scheduled bots from the schedule to the channel: what is posted, once, and what is told when it is not."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from chatops_local.slack import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from chatops_local.cloud import LocalCloud, Tick
    from chatops_local.server.scheduler import FiredExecution
    from chatops_local.slack.message import Message

CHANNEL, FAILURES = "C0TEAM", "C0FAILED"


def run_of(tick: Tick) -> FiredExecution:
    """The run of the scheduled time, once it is over."""
    tick.wait()
    (run,) = [run for run in tick.runs if run.name.startswith("at-")]
    return run


def said(tick: Tick) -> list[tuple[str, str]]:
    """Channel and text of each message."""
    return [(message.channel, message.text) for message in tick.messages]


def notices(tick: Tick) -> list[dict[str, Any]]:
    """What topics were told."""
    return [json.loads(publication.text("sqs")) for publication in tick.published]


def until(look: Callable[[], list[Any]]) -> list[Any]:
    """What `look` finds, once it finds something; the limit only ends a test that would hang."""
    deadline = time.monotonic() + 60
    while not (found := look()):
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)
    return found


def told_of(cloud: LocalCloud, before: int, text: str) -> Message:
    """The first message with this text in it that comes after so many."""
    return cloud.slack.wait_for(lambda message: message in cloud.slack.messages[before:] and text in message.text, 30)


def test_what_it_is_called_with_and_where_it_speaks(cloud: LocalCloud):
    tick = cloud.tick("Told")
    run = run_of(tick)
    assert (run.status, tick.problems()) == ("SUCCEEDED", [])
    ((channel, text),) = said(tick)
    assert channel == CHANNEL
    assert json.loads(text) == {"at": f"{tick.scheduled_time}", "zone": "Etc/UTC", "id": run.name, "in": CHANNEL}
    assert tick.published == []


@pytest.mark.parametrize("times", [2, 3])
def test_delivered_again_it_is_posted_once(cloud: LocalCloud, times: int):
    tick = cloud.tick("Told", times=times)
    run = run_of(tick)
    assert (run.status, run.starts) == ("SUCCEEDED", times)
    assert len(tick.messages) == 1


def test_delivered_again_after_it_is_over_it_is_posted_once(cloud: LocalCloud):
    tick = cloud.tick("Told")
    assert run_of(tick).status == "SUCCEEDED"
    again = cloud.tick("Told", at=tick.scheduled_time)
    again.wait()
    assert again.messages == []
    assert [one.status for one in again.executions if one.express] == ["SUCCEEDED"]


@pytest.mark.parametrize(
    ("bot", "text"),
    [
        ("Markup", "*Friday* &lt;!channel&gt; &amp; &lt;https://example.com|click&gt;"),
        ("Blocks", "a line"),
    ],
)
def test_an_answer_with_markup_is_shown_as_it_is(cloud: LocalCloud, bot: str, text: str):
    tick = cloud.tick(bot, at="2027-01-01T00:00:00")
    assert run_of(tick).status == "SUCCEEDED"
    (message,) = tick.messages
    assert message.text == text
    assert message.notifies == ()
    assert [block["text"]["text"] for block in message.blocks or []] == (["*Etc/UTC*"] if bot == "Blocks" else [])


def test_a_long_answer_takes_several_messages_and_pings_nobody(cloud: LocalCloud):
    tick = cloud.tick("Long")
    assert run_of(tick).status == "SUCCEEDED"
    assert len(tick.messages) == 2
    text = "\n".join(message.text for message in tick.messages)
    assert text == "\n".join(f"{number} Etc/UTC &lt;!here&gt;" for number in range(700))
    assert [message.notifies for message in tick.messages] == [(), ()]


def test_nothing_to_say_is_a_success_without_a_message(cloud: LocalCloud):
    tick = cloud.tick("Nothing")
    assert (run_of(tick).status, tick.messages, tick.published) == ("SUCCEEDED", [], [])


def test_by_hand_it_may_speak_elsewhere_for_once(cloud: LocalCloud, physical_id: Callable[[str], str]):
    client = cloud.server.client("stepfunctions")
    for given, channel in (("{}", CHANNEL), ('{"channel_id": "C0TRIAL"}', "C0TRIAL")):
        before = len(cloud.slack.messages)
        client.start_execution(stateMachineArn=physical_id("ToldMachine"), input=given)
        assert told_of(cloud, before, '"at": "None"').channel == channel


class TestWhenItFails:
    @pytest.mark.parametrize(
        ("bot", "error", "cause"),
        [
            ("Raising", "LookupError", "no <!channel> for Bots/Raising ü"),
            ("OutOfTime", "Sandbox.Timedout", "Task timed out after 3.00 seconds"),
            ("Crashing", "Runtime.ExitError", "exited with error"),
            ("NoReply", "NoReply", "the function's answer cannot be posted: it has the unknown key `color`"),
            ("BadBlocks", "SlackRefused", "Slack answered invalid_blocks for C0TEAM: try the blocks in the Block Kit"),
        ],
    )
    def test_its_function(self, cloud: LocalCloud, bot: str, error: str, cause: str):
        tick = cloud.tick(bot)
        run = run_of(tick)
        assert (run.status, run.error, run.cause) == ("FAILED", "ChatOps.BotFailed", f"Bots/{bot} failed: {error}")
        ((channel, text),) = said(tick)
        assert channel == FAILURES
        assert text.startswith(f":x: *Bots/{bot} failed: {error}*")
        assert f"id `{run.name}`" in text
        assert run.arn in text
        assert tick.messages[0].notifies == ()
        (notice,) = notices(tick)
        assert (notice["outcome"], notice["error"], notice["id"]) == ("error", error, run.name)
        assert cause in notice["cause"]

    @pytest.mark.parametrize(
        ("code", "advice"),
        [
            ("channel_not_found", "invite the app: /invite @the-app"),
            ("not_in_channel", "invite the app: /invite @the-app"),
            ("is_archived", "unarchive the channel"),
            ("missing_scope", "add the scope chat:write"),
        ],
    )
    def test_its_channel(self, cloud: LocalCloud, code: str, advice: str):
        cloud.slack.faults.inject("chat.postMessage", Fault.refusal(code), among=frozenset({CHANNEL}))
        tick = cloud.tick("Told")
        assert run_of(tick).error == "ChatOps.BotFailed"
        ((channel, text),) = said(tick)
        assert channel == FAILURES
        assert f"Slack answered {code} for {CHANNEL}" in text
        assert advice in text

    def test_its_token_is_revoked(self, cloud: LocalCloud):
        cloud.slack.faults.inject("chat.postMessage", Fault.refusal("token_revoked"), times=4)
        tick = cloud.tick("Told")
        run = run_of(tick)
        assert run.error == "ChatOps.NotTold"
        assert "token_revoked" in run.cause
        assert tick.messages == []
        (notice,) = notices(tick)
        assert "put the Bot User OAuth Token of the installed app" in notice["cause"]

    def test_through_a_notifier(self, cloud: LocalCloud):
        tick = cloud.tick("Notified")
        assert run_of(tick).error == "ChatOps.BotFailed"
        message = cloud.slack.wait_for(lambda message: message.channel == "C0456DEV", 30)
        assert message.text.startswith(":x: *Bots/Notified failed: LookupError*")

    def test_what_nobody_could_be_told_is_kept_and_alarms(self, cloud: LocalCloud, physical_id: Callable[[str], str]):
        cloud.slack.faults.inject("chat.postMessage", Fault.refusal("token_revoked"), times=4)
        tick = cloud.tick("Slackless")
        assert run_of(tick).error == "ChatOps.NotTold"
        (letter,) = cloud.server.messages(physical_id("SlacklessDeadLetters"))
        body = json.loads(letter.body)
        assert body["not_told"]["error"] == "SlackRefused"
        assert "token_revoked" in body["why"][0]
        cloud.slack.faults.clear()
        before = len(cloud.slack.messages)
        cloud.server.evaluate_alarms()
        told_of(cloud, before, "Bots/Slackless could not be started at a scheduled time, or failed and nobody could be")


class TestWhenSlackHasTrouble:
    @pytest.mark.parametrize(
        "fault",
        [
            Fault.status(429, retry_after=30),
            Fault.status(500),
            Fault.status(503, retry_after=5),
            Fault.refusal("service_unavailable"),
            Fault.closed_connection(),
        ],
        ids=["429", "500", "503", "service_unavailable", "closed"],
    )
    def test_it_is_posted_later_and_once(self, cloud: LocalCloud, fault: Fault):
        cloud.slack.faults.inject("chat.postMessage", fault, times=2)
        tick = cloud.tick("Told")
        assert (run_of(tick).status, len(tick.messages), tick.published) == ("SUCCEEDED", 1, [])

    def test_the_second_of_two_messages_is_not_taken_at_once(self, cloud: LocalCloud):
        cloud.slack.faults.inject("chat.postMessage", Fault.status(429, retry_after=1), after=1)
        tick = cloud.tick("Long")
        assert run_of(tick).status == "SUCCEEDED"
        assert [message.text.partition(" ")[0] for message in tick.messages] == ["0", "458"]

    def test_a_lost_answer_may_double_it_as_with_results_of_commands(
        self, cloud: LocalCloud, physical_id: Callable[[str], str]
    ):
        # In a channel of its own, so that Slack has no reason not to take the first one.
        channel = "C0LOST"
        cloud.slack.faults.inject("chat.postMessage", Fault.closed_connection(taken=True), among=frozenset({channel}))
        cloud.server.client("stepfunctions").start_execution(
            stateMachineArn=physical_id("ToldMachine"), input=json.dumps({"channel_id": channel})
        )
        until(lambda: [message for message in cloud.slack.messages if message.channel == channel][1:])

    def test_away_for_half_an_hour(self, cloud: LocalCloud):
        cloud.slack.faults.inject("chat.postMessage", Fault.status(503, retry_after=300), times=1_000)
        tick = cloud.tick("Told")
        for _ in ("the reply", "the failure"):
            asked = len(cloud.server.function_logs())
            until(lambda asked=asked: cloud.server.function_logs()[asked:])  # type: ignore[misc]
            cloud.advance(by=timedelta(minutes=31))
        run = run_of(tick)
        assert (run.error, tick.messages) == ("ChatOps.NotTold", [])
        (notice,) = notices(tick)
        assert notice["error"] == "SlackUnavailable"
        assert "HTTP 503" in notice["cause"]


class TestWhenAwsHasTrouble:
    def test_the_function_is_throttled(self, cloud: LocalCloud, physical_id: Callable[[str], str]):
        cloud.server.functions.throttle(physical_id("ToldFunction"), times=3)
        tick = cloud.tick("Told")
        assert (run_of(tick).status, len(tick.messages)) == ("SUCCEEDED", 1)

    def test_it_cannot_be_started(self, cloud: LocalCloud, physical_id: Callable[[str], str]):
        iam, role = cloud.server.client("iam"), physical_id("WatchedScheduleRole")
        denial = {"Effect": "Deny", "Action": "states:StartExecution", "Resource": "*"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [denial]})
        iam.put_role_policy(RoleName=role, PolicyName="Denied", PolicyDocument=document)
        tick = cloud.tick("Watched")
        iam.delete_role_policy(RoleName=role, PolicyName="Denied")
        assert tick.deliveries[0].dead_letter == "sent"
        assert len(cloud.server.messages(physical_id("WatchedDeadLetters"))) == 1
        before = len(cloud.slack.messages)
        cloud.server.evaluate_alarms()
        message = told_of(cloud, before, "Bots/Watched could not be started at a scheduled time")
        assert message.channel == FAILURES

    def test_it_is_aborted(self, cloud: LocalCloud):
        cloud.slack.faults.inject("chat.postMessage", Fault.status(429, retry_after=300), times=1)
        before = len(cloud.slack.messages)
        tick = cloud.tick("Told")
        (run,) = until(lambda: [run for run in tick.runs if run.status == "RUNNING"])
        cloud.server.client("stepfunctions").stop_execution(executionArn=run.arn)
        message = told_of(cloud, before, f"id `{run.name}`")
        assert message.channel == FAILURES
        assert "Bots/Told ended without a verdict: ABORTED" in message.text

    def test_there_was_no_success_for_too_long(self, cloud: LocalCloud):
        assert run_of(cloud.tick("Watched")).status == "SUCCEEDED"
        cloud.server.evaluate_alarms()
        before = len(cloud.slack.messages)
        cloud.server.evaluate_alarms(later=timedelta(hours=3))
        told_of(cloud, before, "Bots/Watched has not succeeded for 2 hours")


@pytest.mark.parametrize(("bot", "error"), [("Keyed", ""), ("KeyedRaising", "ChatOps.BotFailed")])
def test_with_a_key_of_ones_own(cloud: LocalCloud, bot: str, error: str):
    tick = cloud.tick(bot)
    assert (run_of(tick).error, len(tick.messages)) == (error, 1)
