"""Which way a message goes to Slack, and what happens when that way is closed."""

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from chatops_runtime.report.delivery import Delivery, ResponseUrlRefusedError, UndeliverableError
from chatops_runtime.report.report import Report
from chatops_runtime.slack.bot_token import BotToken, BotTokenUnusableError
from chatops_runtime.slack.message import Message
from chatops_runtime.slack.web_client import SlackRefusedError, SlackRetryable
from tests.runtime.reports import finished, reply, report
from tests.runtime.slack_requests import RESPONSE_URL, TEAM

STARTED = datetime(2026, 11, 22, 1, 3, 50, 123000, tzinfo=timezone.utc)
TOKEN = "xoxb-1-canary"
HI = Message("hi")
QUIET = {"unfurl_links": False, "unfurl_media": False}


class Slack:
    """Takes messages, or fails with what the test says."""

    def __init__(self, *failures: Exception | None) -> None:
        self.failures = list(failures)
        self.posts: list[tuple[str, Any]] = []
        self.pauses: list[float] = []

    def respond(self, response_url: str, message: dict[str, Any]) -> None:
        self._take(response_url, message)

    def post_message(self, api: str, token: str, message: dict[str, Any]) -> None:
        assert token == TOKEN
        self._take(api, message)

    def _take(self, where: str, message: dict[str, Any]) -> None:
        self.posts.append((where, message))
        failure = self.failures.pop(0) if self.failures else None
        if failure is not None:
            raise failure


def deliver(
    slack: Slack,
    message: Message = HI,
    *,
    after: timedelta = timedelta(seconds=5),
    token: str | None = None,
    visible: str = "channel",
    **request: str,
) -> str:
    delivery = Delivery(
        team_id=TEAM,
        client=slack,  # type: ignore[arg-type]
        bot_token=None if token is None else BotToken("/ops/slack-bot-token", read=lambda _: token),
        now=lambda: STARTED + after,
        sleep=slack.pauses.append,
    )
    return delivery.deliver(Report.from_event(report(finished(reply("hi")), visible=visible, **request)), message)


@pytest.mark.parametrize(("visible", "response_type"), [("channel", "in_channel"), ("user", "ephemeral")])
def test_the_response_url_comes_first(visible, response_type):
    slack = Slack()
    assert deliver(slack, visible=visible, token=TOKEN) == "response_url"
    assert slack.posts == [
        (RESPONSE_URL, {"response_type": response_type, "replace_original": False, "text": "hi", **QUIET})
    ]


def test_a_message_may_have_another_audience_and_blocks():
    slack = Slack()
    deliver(slack, Message("hi", [{"type": "divider"}], visible="user"))
    ((_, payload),) = slack.posts
    assert payload["response_type"] == "ephemeral"
    assert payload["blocks"] == [{"type": "divider"}]


def test_plain_text_is_not_read_as_markup():
    slack = Slack()
    deliver(slack, Message("2 * 3 * 4", is_plain=True))
    assert slack.posts[0][1]["mrkdwn"] is False


@pytest.mark.parametrize(("visible", "conversation"), [("channel", "C0123OPS"), ("user", "U0123TARO")])
def test_after_29_minutes_the_token_is_used(visible, conversation):
    slack = Slack()
    assert deliver(slack, after=timedelta(minutes=29), token=TOKEN, visible=visible) == "chat.postMessage"
    assert slack.posts == [("https://slack.com/api/", {"channel": conversation, "text": "hi", **QUIET})]


def test_just_before_that_the_response_url_is():
    assert deliver(Slack(), after=timedelta(minutes=28, seconds=59), token=TOKEN) == "response_url"


@pytest.mark.parametrize(
    "failure",
    [
        SlackRefusedError("used_url", 404),
        SlackRefusedError("expired_url", 200),
        SlackRefusedError("no_reason", 404),
        SlackRefusedError("no_reason", 410),
    ],
)
def test_a_response_url_that_is_over_is_followed_by_the_token(failure):
    slack = Slack(failure)
    assert deliver(slack, token=TOKEN) == "chat.postMessage"
    assert [where for where, _ in slack.posts] == [RESPONSE_URL, "https://slack.com/api/"]


def test_gov_slack_has_its_own_api():
    slack = Slack()
    url = RESPONSE_URL.replace("slack.com", "slack-gov.com")
    deliver(slack, after=timedelta(hours=1), token=TOKEN, response_url=url)
    assert slack.posts[0][0] == "https://slack-gov.com/api/"


@pytest.mark.parametrize("failures", [[], [SlackRefusedError("used_url", 404)]])
def test_without_a_token_a_response_url_that_is_over_is_an_error(failures):
    after = timedelta(seconds=1) if failures else timedelta(minutes=30)
    with pytest.raises(UndeliverableError, match="the app has no bot token"):
        deliver(Slack(*failures), after=after)


def test_any_other_refusal_is_an_error_and_not_said_elsewhere():
    slack = Slack(SlackRefusedError("invalid_blocks", 200))
    with pytest.raises(SlackRefusedError, match="invalid_blocks"):
        deliver(slack, token=TOKEN)
    assert len(slack.posts) == 1


def test_a_short_pause_is_waited_for():
    slack = Slack(SlackRetryable("HTTP 429", 10))
    assert deliver(slack) == "response_url"
    assert slack.pauses == [10]
    assert len(slack.posts) == 2


def test_the_token_way_is_patient_as_well():
    slack = Slack(SlackRetryable("HTTP 429", 1))
    assert deliver(slack, after=timedelta(hours=1), token=TOKEN) == "chat.postMessage"
    assert slack.pauses == [1]


@pytest.mark.parametrize("retry_after", [11, None])
def test_a_long_or_unknown_pause_is_left_to_the_state_machine(retry_after):
    slack = Slack(SlackRetryable("busy", retry_after))
    with pytest.raises(SlackRetryable):
        deliver(slack)
    assert not slack.pauses


def test_slack_that_stays_busy_is_left_to_the_state_machine():
    slack = Slack(SlackRetryable("busy", 1), SlackRetryable("busy", 1))
    with pytest.raises(SlackRetryable):
        deliver(slack)
    assert slack.pauses == [1]


@pytest.mark.parametrize(
    "url",
    [
        RESPONSE_URL.replace(TEAM, "T0OTHER"),
        RESPONSE_URL.replace("hooks.slack.com", "canary.example.com"),
        RESPONSE_URL.replace("https", "http"),
        "https://169.254.169.254/commands/E0123/1/x",
        "",
    ],
)
def test_another_response_url_is_never_posted_to(url):
    slack = Slack()
    with pytest.raises(ResponseUrlRefusedError) as caught:
        deliver(slack, response_url=url, token=TOKEN)
    assert not slack.posts
    assert "canary" not in str(caught.value)


def test_an_organisations_response_url_is_accepted():
    assert deliver(Slack(), response_url=RESPONSE_URL.replace(TEAM, "E0ORG")) == "response_url"


def test_the_token_is_kept_for_five_minutes():
    now, reads = [0.0], []

    def read(name: str) -> str:
        reads.append(name)
        return f" {TOKEN}\n"

    token = BotToken("/ops/slack-bot-token", read=read, clock=lambda: now[0])
    assert (token.value(), token.value()) == (TOKEN, TOKEN)
    now[0] = 300.0
    assert token.value() == TOKEN
    assert reads == ["/ops/slack-bot-token"] * 2
    assert "canary" not in repr(token)


@pytest.mark.parametrize("value", ["", " ", "changeme", "<bot token>", "xoxb-1\r\nX: y", "xoxb-１", "Bearer xoxb-1"])
def test_what_is_no_token_is_refused_and_not_quoted(value):
    with pytest.raises(BotTokenUnusableError, match=r"^parameter /ops/slack-bot-token holds no bot token") as caught:
        deliver(Slack(), after=timedelta(hours=1), token=value)
    assert not value.strip() or value not in str(caught.value)
