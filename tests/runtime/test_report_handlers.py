"""What is said of events and interactions, and where: below the message, in the channel, or nowhere."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from chatops_runtime.report.delivery import ResponseUrlRefusedError, UndeliverableError
from chatops_runtime.report.rendering import render
from chatops_runtime.report.report import Report
from chatops_runtime.report.telling import Telling
from chatops_runtime.slack.web_client import SlackRefusedError
from tests.runtime.reports import ended, failed, finished, reply, report
from tests.runtime.slack_requests import TEAM
from tests.runtime.test_report_delivery import API, QUIET, TOKEN, Slack, delivery_to

if TYPE_CHECKING:
    from chatops_runtime.slack.message import Message

TS = "1763773430.000100"
ID = "Ev0123ABCDE"


def told(outcome: dict[str, Any], **request: Any) -> Report:
    """A report of a mention by default."""
    own = {"command": "app_mention", "source": "event", "response_url": "", "thread_ts": TS}
    return Report.from_event({**report(outcome, **{**own, **request}), "id": ID})


def say(slack: Slack, of: Report) -> dict[str, object]:
    """Say all of it, with a bot token."""
    delivery = delivery_to(slack, token=TOKEN)
    return Telling(of, render(of, files=True), delivery, has_time=lambda: True).answer()


def refused(code: str) -> SlackRefusedError:
    return SlackRefusedError(code, 200)


def test_an_answer_goes_below_the_message():
    slack = Slack()
    assert say(slack, told(finished(reply("hello")))) == {"done": True, "said": 1, "delivered_by": "chat.postMessage"}
    posted = {"channel": "C0123OPS", "text": "hello", "mrkdwn": False, "thread_ts": TS, **QUIET}
    assert slack.posts == [(API, posted)]


def test_without_a_thread_it_goes_into_the_channel():
    slack = Slack()
    say(slack, told(finished(reply("hello")), thread_ts=""))
    assert "thread_ts" not in slack.posts[0][1]


def test_nothing_to_say_is_said_with_nothing():
    slack = Slack()
    assert say(slack, told(finished(reply(None)))) == {"done": True, "said": 0, "delivered_by": None}
    assert slack.posts == []


def test_for_one_person_it_is_a_direct_message():
    slack = Slack()
    say(slack, told(finished(reply({"text": "for you", "visible": "user"}))))
    assert [message["channel"] for _, message in slack.posts] == ["U0123TARO"]
    assert "thread_ts" not in slack.posts[0][1]


def test_a_file_goes_below_the_message_too():
    slack = Slack()
    say(slack, told(finished(reply("line\n" * 5_000))))
    (shared,) = (message for where, message in slack.posts if where.endswith("completeUploadExternal"))
    assert (shared["channel_id"], shared["thread_ts"]) == ("C0123OPS", TS)


@pytest.mark.parametrize(
    ("outcome", "says"),
    [
        (failed("LookupError", '{"errorMessage": "no", "errorType": "LookupError"}'), "`app_mention` could not be"),
        (ended("TIMED_OUT"), "`app_mention` came to no result in its time"),
        (finished(reply({"x": 1})), "`app_mention` ran, but its function's answer cannot be shown"),
    ],
)
def test_a_failure_is_told_below_the_message_with_the_whole_id(outcome, says):
    slack = Slack()
    say(slack, told(outcome))
    ((_, message),) = slack.posts
    assert says in message["text"]
    assert f"(asked by <@U0123TARO>, id `{ID}`)" in message["text"]
    assert message["thread_ts"] == TS


def test_nobody_asked_for_what_nobody_did():
    (message,) = render(told(failed("X", ""), user_id=""), files=True).messages
    assert f"(id `{ID}`)" in message.text


class TestDeclined:
    def declined(self, reason: str, **request: Any) -> tuple[Message, ...]:
        result = {"kind": "declined", "ok": False, "reason": reason, "by": [], "detail": "members of `S0`"}
        return render(told(finished(result), **request), files=True).messages

    def test_whom_an_event_is_not_for_hears_nothing(self):
        assert self.declined("not_allowed") == ()

    def test_who_clicked_hears_it(self):
        assert "it is for members of" in self.declined("not_allowed", source="interaction")[0].text

    def test_that_slack_did_not_say_who_may_is_said(self):
        assert "Slack did not say" in self.declined("slack_unavailable")[0].text


class TestWays:
    def test_a_channel_that_does_not_take_it_leaves_a_direct_message(self):
        slack = Slack(refused("not_in_channel"))
        assert say(slack, told(finished(reply("hello"))))["delivered_by"] == "direct message"
        assert slack.posts[1][1]["text"] == "For the channel C0123OPS:\nhello"

    def test_without_a_channel_it_is_a_direct_message(self):
        slack = Slack()
        say(slack, told(finished(reply("welcome")), channel_id=""))
        assert [(message["channel"], message["text"]) for _, message in slack.posts] == [("U0123TARO", "welcome")]

    def test_of_nobody_and_nowhere_there_is_no_way(self):
        with pytest.raises(UndeliverableError, match="no way to Slack is left"):
            say(Slack(), told(finished(reply("hello")), channel_id="", user_id=""))

    def test_another_workspace_is_not_answered(self):
        with pytest.raises(ResponseUrlRefusedError, match="another workspace"):
            say(Slack(), told(finished(reply("hello")), team_id="T0OTHER"))

    def test_a_command_without_a_response_url_is_none(self):
        with pytest.raises(ResponseUrlRefusedError, match="malformed"):
            say(Slack(), told(finished(reply("hello")), source="typed"))

    def test_an_interaction_is_answered_where_it_says(self):
        url = f"https://hooks.slack.com/app-actions/{TEAM}/1/canary"
        slack = Slack()
        of = told(finished(reply("done")), source="interaction", response_url=url, visible="user")
        assert say(slack, of)["delivered_by"] == "response_url"
        assert [where for where, _ in slack.posts] == [url]

    @pytest.mark.parametrize(("visible", "thread"), [("channel", TS), ("user", None)])
    def test_an_interaction_in_a_thread_is_answered_there_if_everybody_sees_it(self, visible, thread):
        url = f"https://hooks.slack.com/actions/{TEAM}/1/canary"
        slack = Slack()
        say(slack, told(finished(reply("done")), source="interaction", response_url=url, visible=visible))
        assert slack.posts[0][1].get("thread_ts") == thread

    def test_a_shortcut_is_answered_in_a_direct_message(self):
        slack = Slack()
        say(slack, told(finished(reply("paged")), source="interaction", channel_id="", visible="user", thread_ts=""))
        assert [message["channel"] for _, message in slack.posts] == ["U0123TARO"]

    def test_what_comes_late_goes_below_the_message_as_well(self):
        url = f"https://hooks.slack.com/actions/{TEAM}/1/canary"
        slack = Slack()
        of = told(finished(reply("late")), source="interaction", response_url=url)
        delivery = delivery_to(slack, after=timedelta(hours=1), token=TOKEN)
        assert Telling(of, render(of, files=True), delivery, has_time=lambda: True).answer()["done"]
        assert slack.posts[0][1]["thread_ts"] == TS
