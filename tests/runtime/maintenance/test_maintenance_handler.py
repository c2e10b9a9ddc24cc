"""The entry point of the switch."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest

from chatops_runtime.contracts import maintenance as contract
from chatops_runtime.maintenance import handler as entry
from tests.runtime.maintenance.switch_double import SwitchDouble

CONTEXT = SimpleNamespace(aws_request_id="request-1", get_remaining_time_in_millis=lambda: 60_000)
COMMAND = {
    "version": 1,
    "command": "/maintenance",
    "text": "on for 30m new database",
    "team_id": "T1",
    "user": {"id": "U1", "name": "taro"},
    "channel": {"id": "C1", "name": "ops"},
    "request_id": "abc",
}


@pytest.fixture
def double(monkeypatch: pytest.MonkeyPatch) -> SwitchDouble:
    made = SwitchDouble()
    monkeypatch.setenv(contract.SWITCH_NAME, "Edge_Maintenance")
    monkeypatch.setenv(contract.LONGEST_PLANNED_SECONDS, "14400")
    monkeypatch.setattr(entry, "_switch", lambda: made.switch)
    monkeypatch.setattr(entry, "_store", lambda: made.store)
    monkeypatch.setattr("time.time", lambda: made.time)
    return made


def line(captured: pytest.CaptureFixture[str]) -> dict[str, Any]:
    (text,) = captured.readouterr().out.splitlines()
    found: dict[str, Any] = json.loads(text)
    return found


def test_a_command_is_answered_and_logged(double: SwitchDouble, capsys: pytest.CaptureFixture[str]) -> None:
    reply = entry.handler(COMMAND, CONTEXT)
    assert reply is not None
    assert "*The site is closed*" in reply["mrkdwn"]
    logged = line(capsys)
    assert {name: logged[name] for name in ("level", "order", "by", "seconds", "reason", "closed", "id")} == {
        "level": "INFO",
        "order": "on",
        "by": "taro (U1)",
        "seconds": 1800,
        "reason": "new database",
        "closed": True,
        "id": "abc",
    }
    assert logged["until"] == double.time + 1800
    assert (logged[contract.METRIC_ON], logged[contract.METRIC_OVERDUE]) == (1, 0)


def test_the_timer_is_not_answered(double: SwitchDouble, capsys: pytest.CaptureFixture[str]) -> None:
    assert entry.handler({"version": 1, "kind": "timer"}, CONTEXT) is None
    assert line(capsys)[contract.METRIC_ON] == 0


def test_usage_is_for_the_one_who_asked_and_says_nothing_about_the_site(
    double: SwitchDouble, capsys: pytest.CaptureFixture[str]
) -> None:
    reply = entry.handler({**COMMAND, "text": "<!channel>"}, CONTEXT)
    assert reply == {
        "mrkdwn": ":x: Nothing was changed: the first word is none of on, off and status. "
        "Write `on [for 30m] [reason…] | off | status`",
        "visible": "user",
    }
    assert contract.METRIC_ON not in line(capsys)


def test_what_fails_is_logged_and_raised(double: SwitchDouble, capsys: pytest.CaptureFixture[str]) -> None:
    double.switch.close("1", by="x", seconds=60, reason="")
    double.time += 60
    double.waf.failures["get_ip_set"] = ["AccessDeniedException"]
    with pytest.raises(Exception, match="AccessDeniedException"):
        entry.handler({"version": 1, "kind": "timer"}, CONTEXT)
    logged = line(capsys)
    assert (logged["level"], logged["outcome"], logged["aws_error"]) == ("ERROR", "failed", "AccessDeniedException")
    assert (logged[contract.METRIC_ON], logged[contract.METRIC_OVERDUE]) == (1, 1), "it may still be closed"


def test_an_event_of_nobody(double: SwitchDouble, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(Exception, match="version 1 of the contract"):
        entry.handler({"hello": "world"}, CONTEXT)
    assert line(capsys)["error"] == "UnknownInvocationError"
