"""The function as Lambda calls it: what it answers, what it logs, what it leaves."""

import json
import logging
from typing import Any

import pytest
from botocore.exceptions import ClientError

from chatops_runtime.notifier import handler as module
from chatops_runtime.notifier.dead_letters import DeadLetters
from chatops_runtime.notifier.turns import NotNowError
from chatops_runtime.slack.bot_token import BotTokenUnusableError
from chatops_runtime.slack.web_client import SlackRefusedError
from tests.runtime.conftest import log_lines
from tests.runtime.notifier.notices import alarm, raw, record
from tests.runtime.notifier.test_notifier_dead_letters import Sqs

SECRET_TEXT = "canary-of-a-notice"


class Context:
    aws_request_id = "request-1"

    def get_remaining_time_in_millis(self) -> int:
        return 60_000


class Delivery:
    def __init__(self, trouble: Exception | None = None) -> None:
        self.trouble = trouble
        self.messages: list[Any] = []

    def deliver(self, message: Any, deadline: float) -> None:
        self.messages.append(message)
        if self.trouble is not None:
            raise self.trouble


@pytest.fixture
def invoke(monkeypatch):
    monkeypatch.setenv("CHATOPS_CHANNEL_ID", "C0123OPS")

    def call(*records, trouble=None, sqs=None):
        delivery = Delivery(trouble)
        monkeypatch.setattr(module, "_delivery", lambda: delivery)
        monkeypatch.setattr(module, "_dead_letters", lambda: DeadLetters(sqs or Sqs(), "https://sqs/dead"))
        answer = module.handler({"Records": list(records)}, Context())
        json.dumps(answer)
        return answer, delivery

    return call


def failures(answer: dict[str, Any]) -> list[str]:
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def test_a_batch_is_one_message(invoke, capsys):
    answer, delivery = invoke(*(record(alarm(name=SECRET_TEXT)) for _ in range(12)))
    assert answer == {"batchItemFailures": []}
    (message,) = delivery.messages
    assert message.text.startswith("*12 notices*")
    (line,) = log_lines(capsys)
    assert line.pop("milliseconds") >= 0
    assert line == {
        "level": "INFO",
        "event": "notifier",
        "outcome": "posted",
        "channel": "C0123OPS",
        "notices": 12,
        "coming_again": 0,
        "request_id": "request-1",
    }


def test_what_slack_cannot_take_now_comes_again(invoke, capsys):
    records = [raw(SECRET_TEXT), raw("b")]
    sqs = Sqs()
    answer, _ = invoke(*records, trouble=NotNowError("Slack wants a pause"), sqs=sqs)
    assert failures(answer) == [each["messageId"] for each in records]
    assert sqs.batches == []
    (line,) = log_lines(capsys)
    assert (line["level"], line["outcome"], line["detail"]) == ("WARN", "comes_again", "Slack wants a pause")
    assert SECRET_TEXT not in json.dumps(line)


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        ("not_in_channel", "invite the app"),
        ("channel_not_found", "check the channel's id"),
        ("is_archived", "unarchive"),
        ("invalid_auth", "Bot User OAuth Token"),
        ("missing_scope", "chat:write"),
        ("brand_new_error", "look the error up"),
    ],
)
def test_what_slack_refuses_goes_to_the_dead_letters_with_advice(invoke, capsys, code, advice):
    records = [raw(SECRET_TEXT), raw("b")]
    sqs = Sqs()
    answer, _ = invoke(*records, trouble=SlackRefusedError(code, 200), sqs=sqs)
    assert answer == {"batchItemFailures": []}
    assert [entry["MessageBody"] for entry in sqs.batches[0]] == [SECRET_TEXT, "b"]
    (line,) = log_lines(capsys)
    assert (line["level"], line["outcome"], line["reason"]) == ("ERROR", "refused", code)
    assert advice in line["what_to_do"]
    assert "start-message-move-task" in line["what_to_do"]
    assert SECRET_TEXT not in json.dumps(line)


def test_a_token_that_is_none_is_told_as_that(invoke, capsys):
    sqs = Sqs()
    invoke(raw("a"), trouble=BotTokenUnusableError("parameter /x holds no bot token"), sqs=sqs)
    assert sqs.batches[0][0]["MessageAttributes"]["reason"]["StringValue"] == "bot_token_unusable"
    (line,) = log_lines(capsys)
    assert line["detail"] == "parameter /x holds no bot token"


def test_only_what_the_dead_letter_queue_did_not_take_comes_again(invoke):
    records = [raw("a"), raw("b")]
    answer, _ = invoke(*records, trouble=SlackRefusedError("is_archived", 200), sqs=Sqs(failing={"b"}))
    assert failures(answer) == [records[1]["messageId"]]


def test_anything_else_is_raised_and_named(invoke, capsys):
    denied = ClientError({"Error": {"Code": "AccessDeniedException", "Message": SECRET_TEXT}}, "UpdateItem")
    with pytest.raises(ClientError):
        invoke(raw("a"), trouble=denied)
    (line,) = log_lines(capsys)
    assert (line["level"], line["outcome"], line["coming_again"]) == ("ERROR", "failed", 1)
    assert (line["error"], line["aws_error"], line["aws_operation"]) == (
        "ClientError",
        "AccessDeniedException",
        "UpdateItem",
    )
    assert SECRET_TEXT not in json.dumps(line)


def test_its_parts_are_made_of_the_environment(monkeypatch):
    for name, value in {
        "CHATOPS_CHANNEL_ID": "C0123OPS",
        "CHATOPS_BOT_TOKEN_PARAMETER": "/ops/slack-bot-token",
        "CHATOPS_TURNS_TABLE": "Turns",
        "CHATOPS_DEAD_LETTER_QUEUE_URL": "https://sqs/dead",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    logging.getLogger("botocore").setLevel(logging.WARNING)
    for make in (module._delivery, module._dead_letters):
        make.cache_clear()
        assert make() is make()
        make.cache_clear()
