"""The status function, from its event to its answer."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from chatops_runtime.contracts import commands_table
from chatops_runtime.status import handler as module
from tests.runtime.status.executions_double import StepFunctions

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CONTEXT = SimpleNamespace(invoked_function_arn="arn:aws:lambda:eu-central-1:123456789012:function:status")
EVENT = {
    "version": 1,
    "command": "/ops status",
    "text": "",
    "arguments": {},
    "team_id": "T1",
    "user": {"id": "U2", "name": "hanako"},
    "channel": {"id": "C1", "name": "ops"},
    "request_id": "asked",
    "view": "status",
}


@pytest.fixture
def aws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StepFunctions]:
    commands: Any = {"/ps": {"machine": "Ps"}}
    table = commands_table.render(commands, refusals="Refusals")
    (tmp_path / commands_table.FILE_NAME).write_text(table, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    double = StepFunctions()
    monkeypatch.setattr(boto3, "client", lambda service: {"stepfunctions": double}[service])
    module._views.cache_clear()
    yield double
    module._views.cache_clear()


@pytest.mark.parametrize(
    ("view", "arguments", "answer"),
    [("status", {}, "Running now"), ("history", {"command": "/ps", "since": 3600}, "Run last of `/ps` within 1h")],
)
def test_a_view_is_answered_to_who_asks(aws: StepFunctions, view: str, arguments: dict[str, Any], answer: str) -> None:
    aws.add("Ps", "one", status="RUNNING", minutes_ago=-(10**6))
    reply = module.handler({**EVENT, "view": view, "arguments": arguments}, CONTEXT)
    assert reply["visible"] == "user"
    assert answer in reply["mrkdwn"]


def test_no_secret_and_nothing_that_was_typed_is_logged(
    aws: StepFunctions, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    aws.add("Ps", "one", status="RUNNING", minutes_ago=1, text="canary")
    module.handler(EVENT, CONTEXT)
    monkeypatch.setattr(aws, "describe_execution", lambda **_: {"input": "canary, which is no JSON"})
    with pytest.raises(json.JSONDecodeError):
        module.handler(EVENT, CONTEXT)
    told, failed = map(json.loads, capsys.readouterr().out.splitlines())
    assert (told["level"], told["event"], told["view"], told["user_id"]) == ("INFO", "status", "status", "U2")
    assert (failed["level"], failed["error"]) == ("ERROR", "JSONDecodeError")
    assert "canary" not in json.dumps([told, failed])
    assert "secret" not in json.dumps([told, failed])


def test_an_event_of_another_version_is_refused(aws: StepFunctions) -> None:
    with pytest.raises(ValueError, match="the event has version 2"):
        module.handler({**EVENT, "version": 2}, CONTEXT)
    assert aws.calls == []
