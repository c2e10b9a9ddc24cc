"""Why a command started nothing: read from the endpoint's log, with a stand-in for CloudWatch Logs."""

import hashlib
import json
import time
from typing import Any

import pytest
from botocore.exceptions import ClientError

from chatops_local.cloud import endpoint_log
from chatops_local.cloud.endpoint_log import EndpointLog
from chatops_local.slack import Ack, SentCommand, SignedRequest, SlashCommand
from chatops_local.slack.record import Record

BODY = b"command=%2Fps"


class Server:
    """GetFunctionConfiguration and FilterLogEvents."""

    def __init__(self) -> None:
        self.messages: list[str] = []
        self.asked: dict[str, Any] = {}
        self.error = ""

    def client(self, *_: str) -> "Server":
        return self

    def get_function_configuration(self, **_: str) -> dict[str, Any]:
        return {"LoggingConfig": {"LogGroup": "/dispatch"}}

    def get_paginator(self, _: str) -> "Server":
        return self

    def paginate(self, **asked: Any) -> list[dict[str, Any]]:
        self.asked = asked
        if self.error:
            raise ClientError({"Error": {"Code": self.error}}, "FilterLogEvents")
        return [{"events": [{"message": message} for message in self.messages]}]


@pytest.fixture
def server():
    return Server()


@pytest.fixture
def sent():
    request = SignedRequest(BODY, {})
    ack = Ack(200, 5.0, None, {"text": "x"})
    return SentCommand(SlashCommand.typed("/ps"), "Slack", request, "u", time.time(), ack, Record(), lambda _: True)


def line(**facts: Any) -> str:
    return json.dumps({"event": "request", "level": "INFO", **facts}) + "\n"


def test_a_refused_start(server, sent):
    name = hashlib.sha256(BODY).hexdigest()
    server.messages = [
        "START RequestId: x",
        "[]",
        line(outcome="start_refused", id="of another request", detail="no"),
        line(outcome="start_refused", id=name, detail="StartExecution: AccessDeniedException"),
    ]
    assert EndpointLog(server, "dispatch", "us-east-1").problems_of(sent) == [
        "nothing was started; the endpoint's log says start_refused: StartExecution: AccessDeniedException"
    ]
    assert server.asked == {"logGroupName": "/dispatch", "startTime": int(sent.sent_at * 1000)}


def test_an_internal_error(server, sent):
    server.messages = [line(level="ERROR", outcome="internal_error", error="KeyError")]
    assert EndpointLog(server, "dispatch", "us-east-1").problems_of(sent) == [
        "nothing was started; the endpoint's log says internal_error: KeyError"
    ]


@pytest.mark.parametrize("outcome", ["unknown_command", "not_allowed", "usage", "text_too_long"])
def test_a_command_that_was_answered_instead_of_run(server, sent, outcome):
    server.messages = [line(outcome=outcome)]
    assert EndpointLog(server, "dispatch", "us-east-1").problems_of(sent) == [
        f"nothing was started; the endpoint's log says {outcome}"
    ]


@pytest.mark.parametrize("outcome", ["help", "already_received"])
def test_answered_by_itself(server, sent, outcome):
    server.messages = [line(outcome=outcome)]
    assert EndpointLog(server, "dispatch", "us-east-1").problems_of(sent) == []


def test_no_log_group(server, sent, monkeypatch):
    monkeypatch.setattr(endpoint_log, "LOG_DELAY_SECONDS", 0.1)
    server.error = "ResourceNotFoundException"
    assert EndpointLog(server, "dispatch", "us-east-1").problems_of(sent) == []


def test_any_other_error_is_not_hidden(server, sent):
    server.error = "AccessDeniedException"
    with pytest.raises(ClientError):
        EndpointLog(server, "dispatch", "us-east-1").problems_of(sent)


def test_no_line_comes(server, sent, monkeypatch):
    monkeypatch.setattr(endpoint_log, "LOG_DELAY_SECONDS", 0.1)
    server.messages = ["not ours", json.dumps({"event": "start_up"})]
    assert EndpointLog(server, "dispatch", "us-east-1").problems_of(sent) == []
