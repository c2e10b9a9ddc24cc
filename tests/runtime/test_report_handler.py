"""The report function from its input to Slack, with Slack as a recorder."""

import json

import pytest

from chatops_runtime.report import handler as report_handler
from chatops_runtime.report.account import Account
from chatops_runtime.report.delivery import UndeliverableError
from chatops_runtime.slack.bot_token import BotToken
from chatops_runtime.slack.message import Message
from chatops_runtime.slack.web_client import SlackRefusedError, SlackRetryable, WebClient
from tests.runtime.reports import ID, ended, failed, finished, instance, reply, report, run_command
from tests.runtime.slack_requests import TEAM, Context

# So that the response_url is not over.
FRESH = "2999-01-01T00:00:00.000Z"


@pytest.fixture
def posts(monkeypatch):
    taken = []
    monkeypatch.setenv("CHATOPS_TEAM_ID", TEAM)
    monkeypatch.setenv("CHATOPS_ENDPOINT", "Ops-Slack")
    monkeypatch.delenv("CHATOPS_BOT_TOKEN_PARAMETER", raising=False)
    monkeypatch.setattr(WebClient, "respond", lambda _, url, message: taken.append((url, message)))
    report_handler._delivery.cache_clear()
    yield taken
    report_handler._delivery.cache_clear()


@pytest.mark.parametrize(
    ("outcome", "kind", "text"),
    [
        (finished(run_command(instance(stdout="canary-output"))), "run_command", ":white_check_mark: `/ps` succeeded"),
        (finished(reply("canary-output")), "reply", "canary-output"),
        (failed("Ssm.AccessDeniedException", "canary-cause"), "failed", ":x: `/ps` could not be carried out"),
    ],
)
def test_an_outcome_is_delivered_and_logged_without_its_content(posts, capsys, outcome, kind, text):
    answer = report_handler.handler({**report(outcome), "started_at": FRESH}, Context())
    assert answer == {"done": True, "said": 1, "delivered_by": "response_url"}
    ((_, message),) = posts
    assert message["text"].startswith(text)
    out = capsys.readouterr().out
    (line,) = [json.loads(line) for line in out.splitlines()]
    assert line.pop("milliseconds") >= 0
    assert line.pop("_aws")["CloudWatchMetrics"] == [
        {
            "Namespace": "ChatOpsConstructs/SlackCommandEndpoint",
            "Dimensions": [["Endpoint"]],
            "Metrics": [{"Name": "Failed" if kind == "failed" else "Succeeded", "Unit": "Count"}],
        }
    ]
    assert line.pop("Failed" if kind == "failed" else "Succeeded") == 1
    assert line == {
        "Endpoint": "Ops-Slack",
        "level": "INFO",
        "event": "report",
        "id": ID,
        "command": "/ps",
        "kind": kind,
        "tries": 0,
        "request_id": Context.aws_request_id,
        "done": True,
        "said": 1,
        "delivered_by": "response_url",
    }


@pytest.mark.parametrize(
    ("outcome", "tries", "metric"),
    [
        (finished(run_command(instance(status="Failed"))), 0, "Failed"),
        (finished({"kind": "poem"}), 0, "Failed"),
        (ended("ABORTED"), 0, "Failed"),
        (finished(reply(None)), 0, "Succeeded"),
        (finished(reply(None)), 1, None),
        (ended("ABORTED"), 1, None),
    ],
)
def test_how_a_command_went_is_counted_once(posts, capsys, outcome, tries, metric):
    report_handler.handler({**report(outcome), "tries": tries, "started_at": FRESH}, Context())
    line = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert [name for name in ("Succeeded", "Failed") if name in line] == ([metric] if metric else [])
    assert ("_aws" in line) == (metric is not None)


@pytest.mark.parametrize(
    ("asked", "tries", "pause"),
    [
        (None, 0, 2),
        (None, 1, 4),
        (None, 4, 32),
        (None, 5, 60),
        (None, 500, 60),
        (47, 0, 47),
        (11, 9, 11),
        (3600, 0, 300),
    ],
)
def test_when_slack_is_busy_the_answer_says_when_to_come_again(posts, capsys, monkeypatch, asked, tries, pause):
    def busy(*_: object) -> None:
        raise SlackRetryable("HTTP 503", asked)

    monkeypatch.setattr(WebClient, "respond", busy)
    event = {**report(finished(reply("canary"))), "tries": tries, "started_at": FRESH}
    detail = "Slack cannot take the message now: HTTP 503"
    assert report_handler.handler(event, Context()) == {
        "done": False,
        "said": 0,
        "retry_after": pause,
        "detail": detail,
    }
    out = capsys.readouterr().out
    line = json.loads(out)
    assert (line["level"], line["detail"], line["tries"]) == ("WARN", detail, tries)
    assert "canary" not in out
    assert "hooks.slack.com" not in out


@pytest.fixture
def three(monkeypatch):
    """Three messages to be said."""
    account = Account(tuple(map(Message, ("one", "two", "three"))))
    monkeypatch.setattr(report_handler, "render", lambda _, files: account)


def test_what_was_said_is_not_said_again(posts, three):
    event = {**report(finished(reply("x"))), "said": 1, "tries": 1, "started_at": FRESH}
    assert report_handler.handler(event, Context(60_000)) == {"done": True, "said": 3, "delivered_by": "response_url"}
    assert [message["text"] for _, message in posts] == ["two", "three"]
    assert report_handler.handler({**event, "said": 3}, Context(60_000))["done"] is True
    assert len(posts) == 2


def test_without_enough_time_the_rest_is_for_another_invocation(posts, three):
    event = {**report(finished(reply("x"))), "started_at": FRESH}
    answer = report_handler.handler(event, Context(remaining=44_999))
    assert (answer["done"], answer["said"], answer["retry_after"]) == (False, 1, 1)
    assert report_handler.handler({**event, "said": 1, "tries": 1}, Context(remaining=60_000))["done"] is True
    assert [message["text"] for _, message in posts] == ["one", "two", "three"]


def test_a_message_that_slack_refuses_is_at_least_spoken_of(posts, monkeypatch, capsys):
    def picky(_: WebClient, url: str, message: dict[str, object]) -> None:
        posts.append((url, message))
        if "blocks" in message:
            raise SlackRefusedError("invalid_blocks", 400)

    monkeypatch.setattr(WebClient, "respond", picky)
    event = {**report(finished(reply({"blocks": [{"type": "canary"}]}))), "started_at": FRESH}
    assert report_handler.handler(event, Context())["done"] is True
    assert posts[-1][1]["text"] == (
        ":x: `/ps` is over, but Slack refused its message: `invalid_blocks` (asked by <@U0123TARO>, id `0123456789`)"
    )
    out = capsys.readouterr().out
    assert "canary" not in out
    assert (json.loads(out)["level"], json.loads(out)["refused"]) == ("WARN", "invalid_blocks")


def test_what_can_never_be_said_is_an_error(posts, monkeypatch, capsys):
    def refuse(*_: object) -> None:
        raise SlackRefusedError("used_url", 404)

    monkeypatch.setattr(WebClient, "respond", refuse)
    with pytest.raises(UndeliverableError):
        report_handler.handler({**report(finished(reply("canary"))), "started_at": FRESH}, Context())
    out = capsys.readouterr().out
    assert "canary" not in out
    assert (json.loads(out)["level"], json.loads(out)["error"]) == ("ERROR", "UndeliverableError")


def test_the_token_is_read_from_the_parameter_that_the_environment_names(posts, monkeypatch):
    monkeypatch.setenv("CHATOPS_BOT_TOKEN_PARAMETER", "/ops/slack-bot-token")
    asked = []

    def value(token: BotToken) -> str:
        asked.append(token._parameter)
        return "xoxb-1"

    monkeypatch.setattr(BotToken, "value", value)
    monkeypatch.setattr(WebClient, "post_message", lambda *_: None)
    old = {**report(finished(reply("x"))), "started_at": "2020-01-01T00:00:00.000Z"}
    assert report_handler.handler(old, Context())["delivered_by"] == "chat.postMessage"
    assert asked == ["/ops/slack-bot-token"]


def test_the_token_comes_from_systems_manager(monkeypatch):
    asked = []

    class Client:
        def get_parameter(self, **arguments: object) -> dict[str, object]:
            asked.append(arguments)
            return {"Parameter": {"Value": "xoxb-1"}}

    monkeypatch.setattr("boto3.client", lambda service: {"ssm": Client()}[service])
    assert BotToken("/ops/slack-bot-token").value() == "xoxb-1"
    assert asked == [{"Name": "/ops/slack-bot-token", "WithDecryption": True}]
