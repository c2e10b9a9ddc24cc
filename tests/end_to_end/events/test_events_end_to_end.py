"""What happens in Slack reaches functions of the deployed app, once, and what they answer gets to where it belongs."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from chatops_local.slack import Fault
from tests.end_to_end.events.happenings import BOTS_WELCOME, HERE, SECONDS

if TYPE_CHECKING:
    from tests.end_to_end.events.happenings import Happenings


def test_slack_may_enter_the_request_url(happenings: Happenings) -> None:
    assert happenings.slack.verify_url(endpoint=HERE)


class TestMentions:
    def test_an_answer_goes_into_the_thread_and_pings_nobody(self, happenings: Happenings) -> None:
        sent = happenings.mention("hello &amp; bye")
        (message,) = sent.wait(SECONDS)
        assert message.text == "You said: hello &amp;amp; bye &lt;!channel&gt;"
        assert (message.thread_ts, message.notifies) == (sent.thread, ())
        (line,) = happenings.audit_lines(sent.event_id)
        assert (line["command"], line["user_id"], line["outcome"]) == ("app_mention", sent.event["user"], "succeeded")

    def test_in_a_thread_it_stays_in_that_thread(self, happenings: Happenings) -> None:
        parent = happenings.slack.say("a question")
        (message,) = happenings.mention("again", thread=parent).wait(SECONDS)
        assert message.thread_ts == parent.ts

    def test_nothing_to_say_is_said_with_nothing(self, happenings: Happenings) -> None:
        sent = happenings.mention("nothing")
        assert happenings.said(sent) == []
        assert [execution.status for execution in happenings.executions(sent)] == ["SUCCEEDED"]

    def test_a_function_that_raises_is_told_of_in_the_thread(self, happenings: Happenings) -> None:
        sent = happenings.mention("fail")
        (message,) = sent.wait(SECONDS)
        assert message.thread_ts == sent.thread
        assert "could not be carried out: LookupError: there is no such thing" in message.shown
        assert sent.event_id in message.shown
        assert [execution.error for execution in happenings.executions(sent)] == ["ChatOps.CommandFailed"]
        assert happenings.audit_lines(sent.event_id)[0]["outcome"] == "failed"

    def test_what_is_long_follows_as_a_file_in_the_thread(self, happenings: Happenings) -> None:
        sent = happenings.mention("long")
        first, second = sent.wait(SECONDS)
        assert "More follows as a file" in first.shown
        assert [file.name for file in second.files] == [f"app-mention-{sent.event_id}.txt"]
        assert {first.thread_ts, second.thread_ts} == {sent.thread}

    def test_what_is_for_one_person_is_a_direct_message(self, happenings: Happenings) -> None:
        (message,) = happenings.mention("private", user="U0SHY").wait(SECONDS)
        assert (message.channel, message.text) == ("D0SHY", "for your eyes only")


class TestDeliveries:
    def test_a_redelivered_event_runs_once(self, happenings: Happenings) -> None:
        sent = happenings.mention("once")
        sent.wait(SECONDS)
        again = happenings.slack.deliver(sent.request, endpoint=HERE)
        assert (again.status, again.body) == (200, b"")
        assert len(happenings.executions(sent)) == 1
        assert len(happenings.said(sent)) == 1
        assert [line["id"] for line in happenings.logged("already_received")] == [sent.event_id]

    def test_what_could_not_be_started_is_started_when_slack_delivers_it_again(self, happenings: Happenings) -> None:
        happenings.cloud.server.step_functions.throttle("StartExecution", times=1_000)
        sent = happenings.slack.mention("later", endpoint=HERE)
        assert [delivery.ack.status for delivery in sent.deliveries] == [503, 503]
        assert happenings.executions(sent) == []
        happenings.cloud.server.step_functions.throttle("StartExecution", times=0)
        assert sent.redeliver() is not None
        assert sent.ack.ok
        assert happenings.said(sent) == ["You said: later <!channel>"]
        assert happenings.logged("started")[-1]["retry_num"] == 2


class TestTrouble:
    def test_an_ending_that_no_state_catches_is_told_in_the_thread(self, happenings: Happenings) -> None:
        sent = happenings.mention("excess")
        message = happenings.slack.wait_for(lambda each: sent.event_id in each.text, SECONDS)
        assert message.thread_ts == sent.thread
        assert "was ended by an error of its state machine" in message.shown
        assert [execution.error for execution in happenings.executions(sent)] == ["States.DataLimitExceeded"]

    def test_a_busy_slack_is_asked_again(self, happenings: Happenings) -> None:
        happenings.slack.faults.inject("chat.postMessage", Fault.status(500), times=1)
        assert happenings.said(happenings.mention("patience")) == ["You said: patience <!channel>"]

    def test_what_slack_takes_nowhere_is_kept(self, happenings: Happenings) -> None:
        happenings.slack.faults.inject("chat.postMessage", Fault.refusal("is_archived"), times=1_000)
        try:
            sent = happenings.mention("void")
            assert happenings.said(sent) == []
        finally:
            happenings.slack.faults.clear()
        assert [execution.error for execution in happenings.executions(sent)] == ["ChatOps.Undelivered"]
        assert sent.event_id in str(happenings.dead_letters())

    def test_while_the_switch_is_off_nothing_is_said(self, happenings: Happenings) -> None:
        with happenings.switched_off("release"):
            sent = happenings.mention("anybody?")
            sent.wait(SECONDS)
        assert happenings.executions(sent) == []
        assert [(line["outcome"], line["reason"]) for line in happenings.audit_lines(sent.event_id)] == [
            ("refused", "switched_off")
        ]
        assert sent.messages == []


class TestNoCircles:
    def test_an_app_does_not_answer_itself(self, happenings: Happenings) -> None:
        """Two apps echo whatever is written; the second one bots as well, but never its own."""
        happenings.slack.events.echo = True
        try:
            sent = happenings.event(
                {"type": "message", "channel_type": "channel", "channel": "C0ECHO", "user": "U0TARO", "text": "hey"}
            )
            deadline = time.monotonic() + SECONDS
            while len(happenings.logged("ignored_event")) < 3 and time.monotonic() < deadline:
                happenings.slack.events.settle()
                time.sleep(0.05)
        finally:
            happenings.slack.events.echo = False
        said = [message.text for message in happenings.slack.messages if message.channel == "C0ECHO"]
        first = "echo of message by U0TARO: hey"
        assert said[0] == first
        assert said[1].endswith(first)
        assert len(said) == 2
        why = [line["ignored"] for line in happenings.logged("ignored_event")]
        # The first echo to its own app; the second one's to that, and to its own.
        assert sorted(why) == ["of_a_bot", "of_this_app", "of_this_app"]
        assert [execution.status for execution in happenings.executions(sent)] == ["SUCCEEDED"]

    def test_the_words_of_bots_are_not_for_who_does_not_ask_for_them(self, happenings: Happenings) -> None:
        of_bot = {
            "type": "message",
            "channel_type": "channel",
            "text": "beep",
            "bot_id": "B0OTHER",
            "user": "U0OTHERBOT",
        }
        ignored = happenings.event({**of_bot, "channel": "C0ECHO"})
        answered = happenings.event({**of_bot, "channel": "C0BOTS"}, endpoint=BOTS_WELCOME)
        assert happenings.said(answered) == ["echo of message by U0OTHERBOT: beep"]
        assert happenings.executions(ignored) == []


class TestRules:
    def test_other_channels_are_not_answered(self, happenings: Happenings) -> None:
        sent = happenings.event(
            {"type": "message", "channel_type": "channel", "channel": "C0QUIET", "user": "U0TARO", "text": "hey"}
        )
        assert (happenings.said(sent), happenings.executions(sent)) == ([], [])
        assert happenings.audit_lines(sent.event_id) == []

    def test_who_may_not_is_not_answered_but_written_down(self, happenings: Happenings) -> None:
        sent = happenings.event({"type": "pin_added", "user": "U0TARO", "channel_id": "C0OPS"})
        sent.wait(SECONDS)
        assert happenings.executions(sent) == []
        assert [(line["outcome"], line["reason"]) for line in happenings.audit_lines(sent.event_id)] == [
            ("refused", "not_allowed")
        ]

    def test_a_user_group_is_asked_of_slack(self, happenings: Happenings) -> None:
        message = happenings.slack.say("well done", channel="C0OPS")
        reaction = {"type": "reaction_added", "reaction": "tada", "item": {"channel": "C0OPS", "ts": message.ts}}
        sent = happenings.event({**reaction, "user": "U0FRIEND"})
        assert happenings.said(sent) == [f"tada below {message.ts}"]
        assert [each.thread_ts for each in sent.messages] == [message.ts]
        stranger = happenings.event({**reaction, "user": "U0TARO"})
        stranger.wait(SECONDS)
        assert [execution.error for execution in happenings.executions(stranger)] == ["ChatOps.Declined"]
        assert happenings.audit_lines(stranger.event_id)[0]["reason"] == "not_allowed"
        assert len(happenings.slack.thread(message)) == 2

    def test_a_direct_message_is_answered_beside_it(self, happenings: Happenings) -> None:
        sent = happenings.event(
            {"type": "message", "channel_type": "im", "channel": "D0TARO", "user": "U0TARO", "text": "psst"}
        )
        (message,) = sent.wait(SECONDS)
        assert (message.channel, message.thread_ts) == ("D0TARO", None)

    def test_somebody_of_another_workspace_is_not_answered(self, happenings: Happenings) -> None:
        shared = {"type": "app_mention", "channel": "C0SHARED", "user": "U0ELSE", "text": "hi", "user_team": "T0ELSE"}
        sent = happenings.event(shared, team="T0ELSE")
        sent.wait(SECONDS)
        assert happenings.executions(sent) == []
        assert happenings.audit_lines(sent.event_id)[0]["reason"] == "not_allowed"
