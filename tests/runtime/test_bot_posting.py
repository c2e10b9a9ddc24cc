"""The function that posts what bots say: what it renders, how it paces itself, what it logs."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatops_runtime.bots import handler as poster
from chatops_runtime.bots.rendering import NoReplyError, render
from chatops_runtime.contracts import report
from chatops_runtime.slack import text_budget
from chatops_runtime.slack.bot_token import BotToken
from chatops_runtime.slack.web_client import SlackRefusedError, SlackRetryable, WebClient
from tests.runtime.slack_requests import Context

TOKEN = "xoxb-1-2-canary"
NOTICE = {
    "version": 1,
    "kind": "scheduled_run",
    "outcome": "error",
    "task": "Ops/Standup",
    "region": "eu-central-1",
    "subject": "Ops/Standup failed: ValueError",
    "text": "…",
    "execution": "arn:aws:states:eu-central-1:123456789012:execution:Standup:at-2026-11-22T233000Z",
    "id": "at-2026-11-22T233000Z",
    "scheduled_at": "2026-11-22T23:30:00Z",
    "started_at": "2026-11-22T23:30:01.123Z",
    "error": "ValueError",
    "cause": "no <!channel> today",
}


def event(**members: Any) -> dict[str, Any]:
    return {
        "version": 1,
        "bot": "Ops/Standup",
        "id": "at-2026-11-22T233000Z",
        "channel_id": "C0TEAM",
        "said": 0,
        "tries": 0,
        **members,
    }


class Slack:
    """Takes messages, or raises what it is told to, call by call."""

    def __init__(self) -> None:
        self.posted: list[dict[str, Any]] = []
        self.trouble: list[Exception | None] = []
        self.apis: set[str] = set()
        self.tokens: list[str] = []

    def post(self, api: str, token: str, message: dict[str, Any]) -> dict[str, Any]:
        self.apis.add(api)
        self.tokens.append(token)
        trouble = self.trouble.pop(0) if self.trouble else None
        if trouble is not None:
            raise trouble
        self.posted.append(message)
        return {"ok": True}


@pytest.fixture
def slack(monkeypatch):
    slack = Slack()
    monkeypatch.setenv("CHATOPS_BOT_TOKEN_PARAMETER", "/ops/prod/slack-bot-token")
    monkeypatch.setattr(BotToken, "value", lambda _: TOKEN)
    monkeypatch.setattr(BotToken, "is_renewed", lambda _: False)
    monkeypatch.setattr(WebClient, "post_message", lambda _, *arguments: slack.post(*arguments))
    poster._way.cache_clear()
    yield slack
    poster._way.cache_clear()


@pytest.mark.parametrize(
    ("reply", "posted"),
    [
        ("<!channel> & co", {"text": "&lt;!channel&gt; &amp; co", "mrkdwn": False}),
        ({"text": "a\x1b[31mb\u202e"}, {"text": "ab", "mrkdwn": False}),
        ({"mrkdwn": "*x*", "visible": "channel"}, {"text": "*x*"}),
        ({"blocks": [{"type": "divider"}]}, {"text": "", "blocks": [{"type": "divider"}]}),
        ({"blocks": [{"type": "divider"}], "text": "<x>"}, {"text": "&lt;x&gt;", "blocks": [{"type": "divider"}]}),
    ],
)
def test_a_reply_is_posted_as_the_contract_has_it(slack, reply, posted):
    assert poster.handler(event(reply=reply), Context(60_000)) == {"done": True, "said": 1}
    assert slack.posted == [{"channel": "C0TEAM", "unfurl_links": False, "unfurl_media": False, **posted}]
    assert slack.apis == {"https://slack.com/api/"}


@pytest.mark.parametrize("reply", [None, "", " \n", {"text": "\u202e"}, {"mrkdwn": "\t"}])
def test_nothing_is_posted_of_nothing(slack, reply, capsys):
    assert poster.handler(event(reply=reply), Context()) == {"done": True, "said": 0}
    assert slack.posted == []
    assert "_aws" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("reply", "wrong"),
    [
        (3, "it is a number"),
        (["x"], "it is a list"),
        ({}, "it has no content"),
        ({"text": 3}, "its `text` is a number, not a text"),
        ({"text": "x", "colour": "red"}, "it has the unknown key `colour`"),
        ({"blocks": [{}] * 51}, "it has 51 blocks"),
        ({"text": "x", "visible": "user"}, "for one user, but nobody asked"),
        ({"text": "x", "visible": "all"}, "its `visible` is neither"),
    ],
)
def test_what_is_no_reply_is_said_and_never_posted(slack, reply, wrong):
    answer = poster.handler(event(reply=reply), Context())
    assert (answer["done"], answer["said"], answer["error"]) == (True, 0, "NoReply")
    assert wrong in str(answer["cause"])
    assert slack.posted == []


def test_a_failure_is_told_with_its_id_and_pings_nobody(slack):
    assert poster.handler(event(notice=NOTICE, channel_id="C0FAILED"), Context()) == {"done": True, "said": 1}
    (message,) = slack.posted
    assert message["channel"] == "C0FAILED"
    assert message["text"].startswith(":x: *Ops/Standup failed: ValueError*\n")
    assert "id `at-2026-11-22T233000Z`" in message["text"]
    assert message["text"].endswith("ValueError: no &lt;!channel&gt; today")


@pytest.mark.parametrize("change", [{"version": 2}, {"kind": "parcel"}, {"outcome": "lost"}])
def test_a_notice_that_this_code_does_not_know_is_an_error(slack, change):
    with pytest.raises(ValueError, match="this code knows none such"):
        poster.handler(event(notice={**NOTICE, **change}), Context())


def test_an_event_of_another_version_is_an_error(slack):
    with pytest.raises(ValueError, match="the event has version 2: this code reads version 1"):
        poster.handler(event(reply="x", version=2), Context())


@pytest.mark.parametrize(
    ("retry_after", "tries", "wanted"), [(30, 0, 30), (0, 0, 1), (9_999, 0, 300), (None, 0, 2), (None, 9, 60)]
)
def test_a_busy_slack_is_asked_again_when_it_says(slack, retry_after, tries, wanted):
    slack.trouble = [SlackRetryable("HTTP 429", retry_after)]
    answer = poster.handler(event(reply="x", tries=tries), Context())
    detail = "Slack cannot take the message now: HTTP 429"
    assert answer == {"done": False, "said": 0, "retry_after": wanted, "detail": detail}
    assert 1 <= wanted <= report.MOST_RETRY_AFTER


def test_what_was_said_is_not_said_again(slack):
    text = "\n".join(f"line {number}" for number in range(3_000))
    slack.trouble = [None, SlackRetryable("HTTP 503")]
    first = poster.handler(event(reply=text), Context(60_000))
    assert (first["done"], first["said"]) == (False, 1)
    second = poster.handler(event(reply=text, said=1, tries=1), Context(60_000))
    assert second == {"done": True, "said": 3}
    assert "\n".join(message["text"] for message in slack.posted) == text


def test_without_time_the_rest_is_for_another_invocation(slack):
    text = "\n".join(f"line {number}" for number in range(3_000))
    answer = poster.handler(event(reply=text), Context(remaining=1))
    assert (answer["done"], answer["said"], answer["retry_after"]) == (False, 1, 1)


def test_what_slack_refuses_is_told_with_advice(slack):
    slack.trouble = [SlackRefusedError("not_in_channel", 200)]
    answer = poster.handler(event(reply="x"), Context())
    assert answer == {
        "done": True,
        "said": 0,
        "error": "SlackRefused",
        "cause": "Slack answered not_in_channel for C0TEAM: invite the app: /invite @the-app in the channel",
    }


def test_a_renewed_token_is_tried_at_once(slack, monkeypatch):
    monkeypatch.setattr(BotToken, "is_renewed", lambda _: True)
    slack.trouble = [SlackRefusedError("token_revoked", 200)]
    assert poster.handler(event(reply="x"), Context()) == {"done": True, "said": 1}
    assert len(slack.tokens) == 2


def test_a_parameter_without_a_token_is_told_by_its_name(slack, monkeypatch):
    monkeypatch.undo()
    monkeypatch.setenv("CHATOPS_BOT_TOKEN_PARAMETER", "/ops/prod/slack-bot-token")
    monkeypatch.setattr("chatops_runtime.slack.bot_token._get_parameter", lambda _: "changeme")
    answer = poster.handler(event(reply="x"), Context())
    assert answer["error"] == "SlackRefused"
    assert "parameter /ops/prod/slack-bot-token holds no bot token" in str(answer["cause"])
    assert "changeme" not in str(answer)


@pytest.mark.parametrize(
    ("trouble", "level", "metric"),
    [
        (None, "INFO", "Posted"),
        (SlackRefusedError("is_archived", 200), "WARN", "NotPosted"),
        (SlackRetryable("HTTP 500"), "WARN", None),
    ],
)
def test_a_line_of_the_log_says_what_became_of_it_and_neither_text_nor_token(slack, capsys, trouble, level, metric):
    slack.trouble = [trouble]
    poster.handler(event(reply="canary-text"), Context())
    out = capsys.readouterr().out
    line = json.loads(out)
    assert (line["level"], line["event"], line["bot"]) == (level, "bot_post", "Ops/Standup")
    assert (line["id"], line["channel"], line["says"]) == ("at-2026-11-22T233000Z", "C0TEAM", "reply")
    assert "canary" not in out
    if metric is None:
        assert "_aws" not in line
    else:
        assert (line["Bot"], line[metric]) == ("Ops/Standup", 1)
        (directive,) = line["_aws"]["CloudWatchMetrics"]
        assert directive["Namespace"] == "ChatOpsConstructs/ScheduledSlackBot"


def test_notices_count_as_no_replies(slack, capsys):
    poster.handler(event(notice=NOTICE), Context())
    assert "_aws" not in json.loads(capsys.readouterr().out)


def test_an_error_of_ours_is_logged_without_its_text(slack, capsys):
    with pytest.raises(ValueError, match="version"):
        poster.handler(event(reply="canary", version="canary"), Context())
    line = json.loads(capsys.readouterr().out)
    assert (line["level"], line["error"]) == ("ERROR", "ValueError")
    assert "canary" not in json.dumps(line)


@given(st.text(max_size=300).map(lambda text: text * 100), st.sampled_from(["text", "mrkdwn"]))
def test_any_text_fits_into_messages_that_slack_takes(text, kind):
    messages = render(event(reply={kind: text}))
    assert len(messages) <= 4
    assert all(0 < text_budget.units(message.text) <= text_budget.MESSAGE for message in messages)
    assert bool(messages) or not text.strip() or kind == "text"


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5), st.lists, max_leaves=5))
def test_whatever_a_function_answers_is_rendered_or_refused_in_words(answer):
    try:
        messages = render(event(reply=answer))
    except NoReplyError as error:
        assert str(error).startswith("the function's answer cannot be posted: it is ")  # noqa: PT017
    else:
        assert answer is None or isinstance(answer, str)
        assert len(messages) <= 1
