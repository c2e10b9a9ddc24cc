"""The metrics in dispatch's log lines, as CloudWatch would read them."""

import json

import pytest

from chatops_local.ministack.functions.embedded_metrics import data_of
from chatops_runtime.contracts import endpoint_metrics
from tests.runtime.conftest import Dispatch
from tests.runtime.slack_requests import form

ENDPOINT = (("Endpoint", "Ops_Slack_1A2B3C4D"),)


def metrics(capsys: pytest.CaptureFixture[str]) -> dict[tuple[str, tuple[tuple[str, str], ...]], tuple[str, float]]:
    (line,) = capsys.readouterr().out.splitlines()
    data = data_of(line)
    assert {datum.namespace for datum in data} == {endpoint_metrics.NAMESPACE}
    found = {
        (datum.name, tuple(datum.dimensions.items())): (datum.unit, value) for datum in data for value in datum.values
    }
    unit, took = found.pop(("AckTime", ENDPOINT))
    assert (unit, took) == ("Milliseconds", json.loads(line)["milliseconds"])
    assert found.pop(("Received", ENDPOINT)) == ("Count", 1)
    return found


def test_a_command_that_was_started(dispatch: Dispatch, capsys: pytest.CaptureFixture[str]) -> None:
    dispatch(form())
    assert metrics(capsys) == {("Started", ENDPOINT): ("Count", 1)}


@pytest.mark.parametrize("text", ["help", "HELP"])
def test_what_starts_nothing_and_is_no_refusal(
    dispatch: Dispatch, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    dispatch(form(text=text))
    assert metrics(capsys) == {}


@pytest.mark.parametrize(
    ("body", "headers", "reason"),
    [
        (form(text="aux"), None, "usage"),
        (form(command="/nope"), None, "unknown_command"),
        (form(command="/odd"), None, "not_allowed"),
        (form(team_id="T0OTHER"), None, "another_team"),
        (form(), {}, "timestamp_missing"),
    ],
)
def test_a_refusal_with_and_without_its_reason(dispatch, body, headers, reason, capsys) -> None:
    dispatch(body, headers)
    assert metrics(capsys) == {
        ("Refused", ENDPOINT): ("Count", 1),
        ("Refused", (*ENDPOINT, ("Reason", reason))): ("Count", 1),
    }


def test_what_cannot_be_made_is_counted_all_the_same(dispatch_environment, monkeypatch, capsys) -> None:
    monkeypatch.delenv("CHATOPS_TEAM_ID")
    dispatch = Dispatch(dispatch_environment)
    capsys.readouterr()
    dispatch(form())
    assert ("Refused", (*ENDPOINT, ("Reason", "internal_error"))) in metrics(capsys)
