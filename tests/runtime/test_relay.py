"""The relay to a function in another region."""

from __future__ import annotations

import io
import json
from types import SimpleNamespace
from typing import Any

import pytest

from chatops_runtime.contracts import relay as contract
from chatops_runtime.relay import handler as relay

CONTEXT = SimpleNamespace(aws_request_id="request-1", get_remaining_time_in_millis=lambda: 60_000)
ARN = "arn:aws:lambda:us-east-1:123456789012:function:Edge_Maintenance_1A2B3C4D"
COMMAND = {
    "version": 1,
    "command": "/maintenance",
    "text": "on for 30m new database",
    "team_id": "T1",
    "user": {"id": "U1", "name": "taro"},
    "channel": {"id": "C1", "name": "ops"},
    "request_id": "abc",
}


class FakeLambda:
    """https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html"""

    def __init__(self, answer: dict[str, Any]) -> None:
        self.answer = answer
        self.invoked: list[tuple[str, Any]] = []

    def invoke(self, *, FunctionName: str, Payload: bytes) -> dict[str, Any]:  # noqa: N803
        self.invoked.append((FunctionName, json.loads(Payload)))
        return {**self.answer, "Payload": io.BytesIO(self.answer["Payload"])}


def relayed(monkeypatch: pytest.MonkeyPatch, answer: dict[str, Any]) -> tuple[FakeLambda, Any]:
    double = FakeLambda(answer)
    monkeypatch.setenv(contract.FUNCTION_ARN, ARN)
    monkeypatch.setattr(relay, "_client", lambda: double)
    return double, lambda: relay.handler(COMMAND, CONTEXT)


def test_there_and_back(monkeypatch: pytest.MonkeyPatch) -> None:
    double, call = relayed(monkeypatch, {"Payload": b'{"mrkdwn":"done"}'})
    assert call() == {"mrkdwn": "done"}
    assert double.invoked == [(ARN, COMMAND)]


def test_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    payload = b'{"errorType":"ContentionError","errorMessage":"20 times"}'
    _, call = relayed(monkeypatch, {"Payload": payload, "FunctionError": "Unhandled"})
    with pytest.raises(relay.RelayedError, match="ContentionError: 20 times"):
        call()


def test_the_region_is_that_of_the_function(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(contract.FUNCTION_ARN, ARN)
    relay._client.cache_clear()
    assert relay._client().meta.region_name == "us-east-1"
    relay._client.cache_clear()
