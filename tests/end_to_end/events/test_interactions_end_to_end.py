"""Controls of the app's own, shortcuts and modals: acknowledged at once, answered where Slack lets them be answered."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.end_to_end.events.happenings import HERE, SECONDS

if TYPE_CHECKING:
    from tests.end_to_end.events.happenings import Happenings


class TestButtons:
    def test_a_click_is_answered_in_the_channel(self, happenings: Happenings) -> None:
        click = happenings.slack.click(happenings.controls(), "Go", user="U0TARO")
        assert (click.ack.ok, click.ack.body) == (True, b"")
        (message,) = click.wait(SECONDS)
        assert message.shown.startswith("block_actions go_now at once by U0TARO")
        assert message.user is None

    def test_a_click_that_is_delivered_again_runs_once(self, happenings: Happenings) -> None:
        click = happenings.slack.click(happenings.controls(), "Go", user="U0TARO")
        click.wait(SECONDS)
        assert happenings.slack.deliver(click.request, endpoint=HERE).status == 200
        assert len(happenings.cloud.executions_of(click)) == 1
        assert len(click.wait(SECONDS)) == 1

    def test_whoever_may_not_is_told_so_alone(self, happenings: Happenings) -> None:
        click = happenings.slack.click(happenings.controls(), "Later", user="U0TARO")
        (message,) = click.wait(SECONDS)
        assert message.user == "U0TARO"
        assert "`block_actions:go_*` was not run. It is for" in message.text

    def test_whoever_may_is_answered_alone(self, happenings: Happenings) -> None:
        (message,) = happenings.slack.click(happenings.controls(), "Later", user="U0BOSS").wait(SECONDS)
        assert message.user == "U0BOSS"
        assert message.shown.startswith("block_actions go_later in a while by U0BOSS")

    def test_what_nothing_answers_is_acknowledged(self, happenings: Happenings) -> None:
        click = happenings.slack.click(happenings.controls(), "Nobody", user="U0TARO")
        assert click.ack.ok
        assert happenings.cloud.executions_of(click) == []


class TestShortcuts:
    def test_a_global_one_is_answered_in_a_direct_message(self, happenings: Happenings) -> None:
        sent = happenings.slack.shortcut("page", user="U0TARO", endpoint=HERE)
        assert sent.ack.ok
        sent.wait(SECONDS)
        (message,) = (each for each in sent.messages if each.channel == "D0TARO")
        assert message.shown.startswith("shortcut page")

    def test_a_message_one_knows_the_message(self, happenings: Happenings) -> None:
        about = happenings.slack.say("it is broken", channel="C0OPS")
        sent = happenings.slack.shortcut("ticket", user="U0TARO", message=about, endpoint=HERE)
        sent.wait(SECONDS)
        (message,) = (each for each in sent.messages if each.response_url == sent.response_url)
        assert message.shown.endswith("it is broken")
        assert message.user == "U0TARO"


class TestModals:
    def test_one_that_is_submitted_closes_and_is_answered(self, happenings: Happenings) -> None:
        sent = happenings.slack.submit_view("form", {"title": "it is broken"}, user="U0MODAL", endpoint=HERE)
        assert (sent.ack.ok, sent.ack.body) == (True, b"")
        sent.wait(SECONDS)
        (message,) = (each for each in sent.messages if each.channel == "D0MODAL")
        assert "title=it is broken" in message.shown

    def test_whoever_may_not_is_told_so_in_it(self, happenings: Happenings) -> None:
        sent = happenings.slack.submit_view("bosses", {"title": "let me in"}, user="U0MODAL", endpoint=HERE)
        shown = json.loads(sent.ack.body)
        assert (sent.ack.ok, shown["response_action"]) == (True, "update")
        assert "`view_submission:bosses` was not run. It is for" in shown["view"]["blocks"][0]["text"]["text"]
        sent.wait(SECONDS)
        assert happenings.audit_lines(sent.execution_name)[0]["outcome"] == "refused"
