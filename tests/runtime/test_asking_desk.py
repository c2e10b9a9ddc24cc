"""Questions, cards and words from the report function's input to Slack, with Slack as a recorder."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from chatops_runtime.contracts import asking as contract
from chatops_runtime.report import handler as report_handler
from chatops_runtime.report.asking.error import CannotAskError
from chatops_runtime.report.delivery import ResponseUrlRefusedError
from chatops_runtime.slack.bot_token import BotToken
from chatops_runtime.slack.web_client import SlackRefusedError, SlackRetryable, WebClient
from tests.runtime.reports import asking, finished, instance, reply, report, run_command
from tests.runtime.slack_requests import RESPONSE_URL, TEAM, Context

# So that the response_url is not over, or is.
FRESH = "2999-01-01T00:00:00.000Z"
STALE = "2026-01-01T00:00:00.000Z"

CARD = {"channel_id": "C0456ADM", "message_ts": "1763773430.000100"}
ANSWER = {"ok": True, "channel": "C0456ADM", "ts": "1763773430.000100"}
SECRETS = ["canary", "hooks.slack.com", "xoxb"]


class Slack:
    """Takes what comes, or fails with what the test says."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, dict[str, Any]]] = []
        self.failures: dict[str, Exception] = {}

    def take(self, way: str, message: dict[str, Any]) -> dict[str, Any]:
        self.taken.append((way, message))
        if way in self.failures:
            raise self.failures[way]
        return ANSWER

    @property
    def ways(self) -> list[str]:
        return [way for way, _ in self.taken]


@pytest.fixture
def slack(monkeypatch: pytest.MonkeyPatch) -> Iterator[Slack]:
    slack = Slack()
    monkeypatch.setenv("CHATOPS_TEAM_ID", TEAM)
    monkeypatch.setenv("CHATOPS_ENDPOINT", "Ops-Slack")
    monkeypatch.setenv("CHATOPS_BOT_TOKEN_PARAMETER", "/ops/slack-bot-token")
    monkeypatch.setattr(BotToken, "value", lambda _: "xoxb-1-canary")
    monkeypatch.setattr(WebClient, "respond", lambda _, url, message: slack.take(url, message))
    monkeypatch.setattr(WebClient, "post_message", lambda _, api, token, message: slack.take("post", message))
    monkeypatch.setattr(WebClient, "update_message", lambda _, api, token, message: slack.take("update", message))
    report_handler._delivery.cache_clear()
    yield slack
    report_handler._delivery.cache_clear()


@pytest.fixture
def without_token(slack: Slack, monkeypatch: pytest.MonkeyPatch) -> Slack:
    monkeypatch.delenv("CHATOPS_BOT_TOKEN_PARAMETER")
    report_handler._delivery.cache_clear()
    return slack


def invoke(event: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return report_handler.handler({**event, "started_at": FRESH, **changes}, Context())


def refused(code: str) -> SlackRefusedError:
    return SlackRefusedError(code, 200)


def logged(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    out = capsys.readouterr().out
    (line,) = [json.loads(line) for line in out.splitlines()]
    assert not [secret for secret in SECRETS if secret in out]
    assert isinstance(line, dict)
    return line


class TestAsk:
    def test_an_approval_is_posted_to_its_channel_and_said_where(self, slack, capsys):
        assert invoke(asking("ask", "approval")) == CARD
        ((way, message),) = slack.taken
        assert (way, message["channel"]) == ("post", "C0456ADM")
        line = logged(capsys)
        assert (line["event"], line["kind"], line["level"]) == ("report_ask", "approval", "INFO")

    @pytest.mark.parametrize("kind", ["confirm", "choice", "instances"])
    def test_what_the_requester_is_asked_goes_through_the_response_url(self, without_token, kind):
        assert invoke(asking("ask", kind)) == {}
        ((way, message),) = without_token.taken
        assert way == RESPONSE_URL
        assert message["response_type"] == "ephemeral"
        assert message["replace_original"] is False

    @pytest.mark.parametrize(
        "changes", [{"used": contract.MOST_WITHOUT_TOKEN}, {"started_at": STALE}], ids=["spent", "over"]
    )
    def test_or_into_a_direct_message_when_that_is_spent_or_over(self, slack, changes):
        assert invoke(asking("ask", "choice"), **changes) == CARD
        ((way, message),) = slack.taken
        assert (way, message["channel"]) == ("post", "U0123TARO")

    def test_or_when_slack_says_that_it_is(self, slack):
        slack.failures = {RESPONSE_URL: refused("expired_url")}
        assert invoke(asking("ask", "choice")) == CARD
        assert slack.ways == [RESPONSE_URL, "post"]

    def test_the_last_use_before_the_results_is_one(self, without_token):
        assert invoke(asking("ask", "choice"), used=contract.MOST_WITHOUT_TOKEN - 1) == {}

    def test_without_a_token_a_spent_response_url_is_the_end(self, without_token):
        with pytest.raises(CannotAskError, match="The question could not be posted: the app has no bot token"):
            invoke(asking("ask", "choice"), used=contract.MOST_WITHOUT_TOKEN)

    @pytest.mark.parametrize(
        ("code", "what_to_do"),
        [
            ("channel_not_found", "Invite the app to that channel"),
            ("not_in_channel", "Invite the app to that channel"),
            ("is_archived", "name another one in Approval"),
            ("restricted_action", "settings do not let the app post there"),
            ("missing_scope", "chat:write"),
            ("a_word_of_tomorrow", "https://docs.slack.dev/"),
        ],
    )
    def test_a_card_that_can_never_be_posted_says_what_to_do(self, slack, capsys, code, what_to_do):
        slack.failures = {"post": refused(code)}
        with pytest.raises(CannotAskError, match=what_to_do) as caught:
            invoke(asking("ask", "approval"))
        assert f"The approval's card in C0456ADM could not be posted: {code}." in str(caught.value)
        assert logged(capsys)["error"] == contract.LASTING == type(caught.value).__name__

    def test_a_token_that_is_no_good_says_so(self, slack, monkeypatch):
        monkeypatch.setattr(BotToken, "is_renewed", lambda _: False)
        slack.failures = {"post": refused("invalid_auth")}
        with pytest.raises(CannotAskError, match="Put the app's Bot User OAuth Token into its parameter"):
            invoke(asking("ask", "approval"))

    @pytest.mark.parametrize(("kind", "way"), [("approval", "post"), ("confirm", RESPONSE_URL)])
    def test_a_busy_slack_is_for_the_machine_to_wait_for(self, slack, capsys, kind, way):
        slack.failures = {way: SlackRetryable("HTTP 503")}
        with pytest.raises(SlackRetryable) as caught:
            invoke(asking("ask", kind))
        assert slack.ways == [way]
        assert logged(capsys)["error"] == contract.RETRYABLE == type(caught.value).__name__

    def test_blocks_that_slack_does_not_like_are_not_tried_elsewhere(self, slack):
        slack.failures = {RESPONSE_URL: refused("invalid_blocks")}
        with pytest.raises(CannotAskError, match="did not take the question: invalid_blocks"):
            invoke(asking("ask", "confirm"))
        assert slack.ways == [RESPONSE_URL]

    @pytest.mark.parametrize("kind", ["approval", "confirm"])
    def test_another_teams_command_is_asked_nowhere(self, slack, kind):
        url = RESPONSE_URL.replace(TEAM, "T0EVIL")
        with pytest.raises(ResponseUrlRefusedError):
            invoke(asking("ask", kind, request={"response_url": url}))
        assert not slack.taken


class TestWait:
    TOKEN = "canary-task-token"

    def test_there_is_nothing_to_do(self, slack, capsys):
        for kind in ("approval", "confirm", "choice", "instances"):
            assert invoke(asking("wait", kind, token=self.TOKEN, nonce="canary-nonce", approved_by=[], card=CARD)) == {}
            assert logged(capsys)["event"] == "report_wait"
        assert not slack.taken

    def test_but_to_count_approvals(self, slack):
        event = asking("wait", "approval", quorum=2, token=self.TOKEN, approved_by=["U1"], card=CARD)
        assert invoke(event) == {}
        ((way, message),) = slack.taken
        assert (way, message["channel"], message["ts"]) == ("update", *CARD.values())
        assert "*1 of 2 approved*: <@U1>" in json.dumps(message)
        assert "chatops.approve" in json.dumps(message)

    @pytest.mark.parametrize("failure", [refused("message_not_found"), SlackRetryable("HTTP 503"), ZeroDivisionError()])
    def test_it_never_fails(self, slack, capsys, failure):
        slack.failures = {"update": failure}
        assert invoke(asking("wait", "approval", token=self.TOKEN, approved_by=["U1"], card=CARD)) == {}
        assert logged(capsys)["level"] in {"WARN", "ERROR"}


class TestClose:
    @pytest.mark.parametrize("kind", ["approval", "confirm", "choice", "instances"])
    def test_a_message_that_can_be_changed_says_what_came_of_it(self, slack, kind):
        assert invoke(asking("close", kind, card=CARD, ending={"state": "expired", "by": []})) == {}
        ((way, message),) = slack.taken
        assert (way, message["channel"], message["ts"]) == ("update", *CARD.values())
        assert "*Expired*" in json.dumps(message)
        assert "chatops." not in json.dumps(message)

    def test_another_one_stays(self, slack):
        assert invoke(asking("close", "confirm", card={}, ending={"state": "expired", "by": []})) == {}
        assert not slack.taken

    def test_a_deleted_card_is_no_error(self, slack, capsys):
        slack.failures = {"update": refused("message_not_found")}
        assert invoke(asking("close", "approval", card=CARD, ending={"state": "denied", "by": ["U1"]})) == {}
        assert logged(capsys)["left"] == "Slack answered message_not_found (HTTP 200)"

    def test_a_busy_slack_is(self, slack):
        slack.failures = {"update": SlackRetryable("HTTP 503")}
        with pytest.raises(SlackRetryable):
            invoke(asking("close", "approval", card=CARD, ending={"state": "denied", "by": ["U1"]}))


class TestProgress:
    def event(self) -> dict[str, Any]:
        return {**report({}), "event": "progress", "result": run_command(instance(stdout="line-one"))}

    def test_the_beginning_of_a_result_is_one_more_use(self, slack):
        assert invoke(self.event(), used=1) == {"used": 2}
        ((way, message),) = slack.taken
        assert way == RESPONSE_URL
        assert "line-one" in message["text"]

    def test_what_is_left_of_the_response_url_is_for_the_result(self, slack, capsys):
        assert invoke(self.event(), used=contract.MOST_WITHOUT_TOKEN) == {"used": contract.MOST_WITHOUT_TOKEN}
        assert not slack.taken
        assert logged(capsys)["level"] == "WARN"

    @pytest.mark.parametrize("failure", [refused("used_url"), SlackRetryable("HTTP 503"), ZeroDivisionError()])
    def test_it_never_fails(self, slack, capsys, failure):
        slack.failures = {RESPONSE_URL: failure}
        assert invoke(self.event()) == {"used": 0}
        assert logged(capsys)["level"] in {"WARN", "ERROR"}


class TestSay:
    URL = RESPONSE_URL.replace("commands", "actions")

    def event(self, url: str) -> dict[str, Any]:
        said = {"version": 2, "event": "say", "id": "0" * 64, "team_id": TEAM, "text": "*No.*", "visible": "user"}
        return {**said, "response_url": url}

    def test_it_is_said_to_who_clicked(self, slack, capsys):
        assert report_handler.handler(self.event(self.URL), Context()) == {}
        ((way, message),) = slack.taken
        assert way == self.URL
        assert (message["text"], message["response_type"], message["replace_original"]) == ("*No.*", "ephemeral", False)
        logged(capsys)

    def test_of_a_command_that_can_be_cancelled_there_is_a_button(self, slack):
        handle = "v1:Ops-Long:0a0a0a0a0a:"
        assert report_handler.handler({**self.event(self.URL), "cancel": handle}, Context()) == {}
        ((_, message),) = slack.taken
        section, actions = message["blocks"]
        assert section["text"]["text"] == message["text"] == "*No.*"
        (button,) = actions["elements"]
        assert (button["action_id"], button["value"]) == ("chatops.cancel", handle)

    def test_without_a_handle_there_is_none(self, slack):
        report_handler.handler({**self.event(self.URL), "cancel": ""}, Context())
        assert "blocks" not in slack.taken[0][1]

    @pytest.mark.parametrize("url", [URL.replace(TEAM, "T0EVIL"), "https://example.com/actions/T0123ABCD/1"])
    def test_nowhere_else(self, slack, url):
        with pytest.raises(ResponseUrlRefusedError):
            report_handler.handler(self.event(url), Context())
        assert not slack.taken


class TestReportAfterQuestions:
    LONG = finished(reply("word " * 20_000))

    @pytest.mark.parametrize(("used", "messages"), [(0, 4), (1, 3), (2, 2), (3, 2)])
    def test_it_has_what_they_left_of_the_response_url(self, without_token, used, messages):
        said = 0
        for _ in range(messages):
            said = invoke(report(self.LONG), used=used, said=said)["said"]
        assert invoke(report(self.LONG), used=used, said=said)["done"]
        assert len(without_token.taken) == messages <= 5 - used

    def test_who_approved_is_said(self, slack):
        invoke(report(finished(reply(None))), approved_by=["U1", "U2"])
        ((_, message),) = slack.taken
        assert "(asked by <@U0123TARO>, approved by <@U1>, <@U2>, id `0123456789`)" in message["text"]

    def test_but_not_to_whom_nobody_else_sees(self, slack):
        invoke(report(finished(reply(None)), visible="user"), approved_by=["U1"])
        ((_, message),) = slack.taken
        assert "<@" not in message["text"]


def test_an_event_that_nobody_knows_is_an_error(slack):
    with pytest.raises(KeyError):
        invoke(asking("sing", "confirm"))


def test_a_question_of_another_version_is_refused(slack):
    with pytest.raises(ValueError, match="version 1: this code reads version 2"):
        invoke(asking("ask", "confirm"), version=1)
