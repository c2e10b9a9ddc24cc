"""Which way a message goes to Slack, and what happens when that way is closed."""

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from chatops_runtime.report.delivery import Delivery, ResponseUrlRefusedError, UndeliverableError
from chatops_runtime.report.report import Report
from chatops_runtime.slack.bot_token import BotToken
from chatops_runtime.slack.message import Message
from chatops_runtime.slack.text_file import TextFile
from chatops_runtime.slack.token_way import WayClosedError
from chatops_runtime.slack.web_client import SlackRefusedError, SlackRetryable
from tests.runtime.reports import finished, reply, report
from tests.runtime.slack_requests import RESPONSE_URL, TEAM

STARTED = datetime(2026, 11, 22, 1, 3, 50, 123000, tzinfo=timezone.utc)
TOKEN = "xoxb-1-canary"
HI = Message("hi")
UPLOAD_URL = "https://files.slack.com/upload/v1/canary"
API = "https://slack.com/api/"
QUIET = {"unfurl_links": False, "unfurl_media": False}


class Slack:
    """Takes messages, or fails with what the test says."""

    def __init__(self, *failures: Exception | None) -> None:
        self.failures = list(failures)
        self.posts: list[tuple[str, Any]] = []
        self.pauses: list[float] = []
        self.good_tokens = {TOKEN}
        self.answers: dict[str, dict[str, Any]] = {
            "conversations.open": {"ok": True, "channel": {"id": "D0123"}},
            "files.getUploadURLExternal": {"ok": True, "upload_url": UPLOAD_URL, "file_id": "F0123"},
        }

    def respond(self, response_url: str, message: dict[str, Any]) -> None:
        self._take(response_url, message)

    def post_message(self, api: str, token: str, message: dict[str, Any]) -> None:
        self._take(api, message, token)

    def call(self, api: str, method: str, token: str, **arguments: str) -> dict[str, Any]:
        self._take(f"{api}{method}", arguments, token)
        return self.answers.get(method, {})

    def upload(self, url: str, content: bytes) -> None:
        self._take(url, content)

    def _take(self, where: str, message: Any, token: str = TOKEN) -> None:
        assert token in self.good_tokens
        self.posts.append((where, message))
        failure = self.failures.pop(0) if self.failures else None
        if failure is not None:
            raise failure


def delivery_to(slack: Slack, *, after: timedelta = timedelta(seconds=5), token: str | None = None) -> Delivery:
    return Delivery(
        team_id=TEAM,
        client=slack,  # type: ignore[arg-type]
        bot_token=None if token is None else BotToken("/ops/slack-bot-token", read=lambda _: token),
        now=lambda: STARTED + after,
        sleep=slack.pauses.append,
    )


def deliver(
    slack: Slack,
    message: Message = HI,
    *,
    after: timedelta = timedelta(seconds=5),
    token: str | None = None,
    visible: str = "channel",
    uses: int = 0,
    **request: str,
) -> str:
    told = Report.from_event(report(finished(reply("hi")), visible=visible, **request))
    return delivery_to(slack, after=after, token=token).deliver(told, message, uses)


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


@pytest.mark.parametrize(
    ("visible", "conversation", "way"),
    [("channel", "C0123OPS", "chat.postMessage"), ("user", "U0123TARO", "direct message")],
)
def test_after_29_minutes_the_token_is_used(visible, conversation, way):
    slack = Slack()
    assert deliver(slack, after=timedelta(minutes=29), token=TOKEN, visible=visible) == way
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


def test_the_sixth_message_is_not_even_tried_at_a_response_url():
    slack = Slack()
    assert deliver(slack, token=TOKEN, uses=5) == "chat.postMessage"
    assert len(slack.posts) == 1
    assert deliver(Slack(), uses=4) == "response_url"


@pytest.mark.parametrize("code", ["invalid_blocks", "msg_too_long", "msg_blocks_too_long", "no_text"])
@pytest.mark.parametrize("before", [[], [SlackRefusedError("used_url", 404)]])
def test_a_refusal_of_the_content_is_an_error_and_not_said_elsewhere(code, before):
    slack = Slack(*before, SlackRefusedError(code, 200))
    with pytest.raises(SlackRefusedError, match=code):
        deliver(slack, token=TOKEN)
    assert len(slack.posts) == 1 + len(before)


@pytest.mark.parametrize(
    "code", ["not_in_channel", "channel_not_found", "is_archived", "restricted_action", "a_code_of_tomorrow"]
)
def test_a_refusal_of_the_channel_leads_to_a_direct_message_that_names_it(code):
    slack = Slack(SlackRefusedError("expired_url", 404), SlackRefusedError(code, 200))
    assert deliver(slack, token=TOKEN) == "direct message"
    assert slack.posts[1:] == [
        (API, {"channel": "C0123OPS", "text": "hi", **QUIET}),
        (API, {"channel": "U0123TARO", "text": "For <#C0123OPS>:\nhi", **QUIET}),
    ]


def direct_message(message: Message) -> Any:
    slack = Slack(SlackRefusedError("expired_url", 404), SlackRefusedError("not_in_channel", 200))
    deliver(slack, message, token=TOKEN)
    return slack.posts[-1][1]


def test_a_direct_message_names_the_channel_beside_blocks_and_without_markup_too():
    assert direct_message(Message("2 * 3", is_plain=True))["text"] == "For the channel C0123OPS:\n2 * 3"
    blocks = direct_message(Message("", [{"type": "divider"}]))["blocks"]
    assert blocks == [
        {"type": "section", "text": {"type": "mrkdwn", "text": "For <#C0123OPS>:"}},
        {"type": "divider"},
    ]
    full = direct_message(Message("", [{"type": "divider"}] * 50))
    assert len(full["blocks"]) == 50
    assert full["text"] == "For <#C0123OPS>:\n"


def test_when_every_way_is_closed_each_is_named_with_slacks_word():
    refused = [SlackRefusedError(code, 200) for code in ("used_url", "is_archived", "missing_scope")]
    with pytest.raises(UndeliverableError) as caught:
        deliver(Slack(*refused), token=TOKEN)
    assert str(caught.value) == (
        "no way to Slack is left (response_url: used_url; chat.postMessage: is_archived; direct message: missing_scope)"
    )
    assert "canary" not in str(caught.value)
    assert "hooks.slack.com" not in str(caught.value)


def test_a_busy_slack_is_waited_for_and_not_gone_around():
    slack = Slack(SlackRetryable("HTTP 503", None))
    with pytest.raises(SlackRetryable):
        deliver(slack, token=TOKEN)
    assert len(slack.posts) == 1


def test_a_token_that_was_renewed_is_read_again():
    tokens = iter(["xoxb-2-canary", TOKEN])
    slack = Slack(SlackRefusedError("token_revoked", 200))
    slack.good_tokens.add("xoxb-2-canary")
    delivery = delivery_to(slack, after=timedelta(hours=1), token=TOKEN)
    delivery._bot_token = BotToken("/ops/slack-bot-token", read=lambda _: next(tokens))
    assert delivery.deliver(Report.from_event(report(finished(reply("hi")))), HI, 0) == "chat.postMessage"
    assert len(slack.posts) == 2


class AwsError(Exception):
    """As botocore's ClientError is."""

    def __init__(self, code: str) -> None:
        super().__init__("canary")
        self.response = {"Error": {"Code": code}}


def deliver_without_reading(error: Exception) -> str:
    def read(_: str) -> str:
        raise error

    delivery = delivery_to(Slack(), after=timedelta(hours=1), token=TOKEN)
    delivery._bot_token = BotToken("/ops/slack-bot-token", read=read)
    return delivery.deliver(Report.from_event(report(finished(reply("hi")))), HI, 0)


def test_a_token_that_cannot_be_read_closes_the_way_or_is_tried_later():
    with pytest.raises(UndeliverableError, match=r"chat\.postMessage: the bot token cannot be read: ParameterNotFound"):
        deliver_without_reading(AwsError("ParameterNotFound"))
    with pytest.raises(SlackRetryable, match="the bot token cannot be read: ThrottlingException") as caught:
        deliver_without_reading(AwsError("ThrottlingException"))
    assert "canary" not in str(caught.value)
    with pytest.raises(ZeroDivisionError):
        deliver_without_reading(ZeroDivisionError())


FILE = TextFile("ps-0123456789.txt", "/ps", "All of it", "é\n")


def upload(slack: Slack, *, visible: str = "channel", token: str | None = TOKEN, **request: str) -> None:
    told = Report.from_event(report(finished(reply("hi")), visible=visible, **request))
    delivery_to(slack, token=token).upload(told, FILE, visible)


@pytest.mark.parametrize(("visible", "conversation"), [("channel", "C0123OPS"), ("user", "D0123")])
def test_a_file_goes_to_the_channel_or_into_a_direct_message(visible, conversation):
    slack = Slack()
    upload(slack, visible=visible)
    opened = [(f"{API}conversations.open", {"users": "U0123TARO"})] if visible == "user" else []
    assert slack.posts == [
        *opened,
        (
            f"{API}files.getUploadURLExternal",
            {"filename": "ps-0123456789.txt", "length": "3", "snippet_type": "text"},
        ),
        (UPLOAD_URL, "é\n".encode()),
        (
            f"{API}files.completeUploadExternal",
            {
                "files": '[{"id": "F0123", "title": "/ps"}]',
                "channel_id": conversation,
                "initial_comment": "All of it",
            },
        ),
    ]


@pytest.mark.parametrize(
    "url",
    [
        "https://canary.example.com/upload/v1/x",
        "https://files.slack.com.example.com/upload/v1/x",
        "https://files.slack.com@example.com/upload/v1/x",
        "https://files.slack.com:443/upload/v1/x",
        "https://files.slack-gov.com/upload/v1/x",
        "https://slack.com/upload/v1/x",
        "https://files.slack.com",
        "https://files.slack.com/\\\\example.com/",
        "https://files.slack.com/x#@example.com/",
        "https://files.slack.com/x\r\nHost: example.com",
        "http://files.slack.com/upload/v1/x",
        "https://169.254.169.254/upload/v1/x",
        "file:///etc/passwd",
        "",
        None,
        ["https://files.slack.com/upload/v1/x"],
    ],
)
def test_output_is_uploaded_to_slack_or_nowhere(url):
    slack = Slack()
    slack.answers["files.getUploadURLExternal"]["upload_url"] = url
    with pytest.raises(SlackRefusedError, match="upload_url_of_another_host") as caught:
        upload(slack)
    assert len(slack.posts) == 1
    assert "canary" not in str(caught.value)


def test_gov_slack_has_its_own_host_for_files():
    slack = Slack()
    slack.answers["files.getUploadURLExternal"]["upload_url"] = UPLOAD_URL.replace("slack.com", "slack-gov.com")
    upload(slack, response_url=RESPONSE_URL.replace("slack.com", "slack-gov.com"))
    assert [where.split("/")[2] for where, _ in slack.posts] == [
        "slack-gov.com",
        "files.slack-gov.com",
        "slack-gov.com",
    ]


def test_an_upload_without_a_token_is_not_tried():
    slack = Slack()
    with pytest.raises(WayClosedError, match="no bot token"):
        upload(slack, token=None)
    assert not slack.posts
    assert not delivery_to(slack).takes_files


def test_no_conversation_is_no_place_for_a_file():
    slack = Slack()
    slack.answers["conversations.open"] = {"ok": True}
    with pytest.raises(SlackRefusedError, match="no_channel_in_answer"):
        upload(slack, visible="user")


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
    with pytest.raises(UndeliverableError, match="parameter /ops/slack-bot-token holds no bot token") as caught:
        deliver(Slack(), after=timedelta(hours=1), token=value)
    assert not value.strip() or value not in str(caught.value)
