"""The off-switch: what its values mean, and what whoever types a command sees."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chatops_runtime.contracts.off_switch import ALLOWED_PATTERN, FRESH_SECONDS, reason_of
from tests.runtime.aws_double import SWITCH_PARAMETER
from tests.runtime.conftest import MACHINES, Dispatch, log_lines
from tests.runtime.slack_requests import form


@pytest.mark.parametrize(
    ("value", "reason"),
    [("on", None), ("off", ""), ("off release 4.2 until 14:00", "release 4.2 until 14:00"), ("off  twice ", "twice")],
)
def test_what_a_value_means(value: str, reason: str | None) -> None:
    assert reason_of(value) == reason


@pytest.mark.parametrize("value", ["", " ", "On", "OFF", "on ", "on call", "offline", "true", "off\u00a0x"])
def test_another_value_is_none(value: str) -> None:
    with pytest.raises(ValueError, match="it says neither 'on' nor 'off'"):
        reason_of(value)


@given(st.text() | st.from_regex(ALLOWED_PATTERN, fullmatch=True))
@example("on\n")
def test_the_pattern_lets_through_what_can_be_read(value: str) -> None:
    """Not all of it: the pattern is Systems Manager's to apply, and the value is what counts."""
    allowed = re.fullmatch(ALLOWED_PATTERN.removeprefix("^").removesuffix("$"), value) is not None
    if not allowed and not value.startswith("off "):
        with pytest.raises(ValueError, match="neither"):
            reason_of(value)
    else:
        assert (reason_of(value) is None) == (value == "on")


def test_commands_stop_and_say_why(dispatch: Dispatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert "Running" in dispatch.message(form())["text"]
    dispatch.aws.put(SWITCH_PARAMETER, "off <!channel> release & rest")
    dispatch.put_on(FRESH_SECONDS)
    message = dispatch.message(form(command="/say", text="hello"))
    assert message == {
        "response_type": "ephemeral",
        "text": "`/say` was not run. Commands are switched off: &lt;!channel&gt; release &amp; rest",
    }
    assert len(dispatch.started) == 1
    line = log_lines(capsys)[-1]
    assert (line["level"], line["outcome"], line["command"]) == ("INFO", "switched_off", "/say")


def test_on_again_they_run(dispatch_environment) -> None:
    dispatch_environment.put(SWITCH_PARAMETER, "off")
    dispatch = Dispatch(dispatch_environment)
    assert dispatch.message(form())["text"] == "`/ps` was not run. Commands are switched off."
    dispatch.aws.put(SWITCH_PARAMETER, "on")
    dispatch.put_on(FRESH_SECONDS)
    assert "Running" in dispatch.message(form())["text"]


def test_help_works_and_says_so(dispatch_environment) -> None:
    dispatch_environment.put(SWITCH_PARAMETER, "off release")
    lines = Dispatch(dispatch_environment).message(form(text="help"))["text"].splitlines()
    assert lines[:2] == ["Commands are switched off: release", "*What you can run here*"]


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (None, "its parameter does not exist"),
        ("canary", "it says neither 'on' nor 'off' nor 'off' and a reason"),
    ],
)
def test_a_switch_that_nobody_can_read_stops_commands(dispatch_environment, value, why, capsys) -> None:
    dispatch_environment.put(SWITCH_PARAMETER, value)
    dispatch = Dispatch(dispatch_environment)
    text = dispatch.message(form())["text"]
    assert text == f"`/ps` was not run. Commands are switched off, since their off-switch cannot be used: {why}."
    assert not dispatch.started
    out = capsys.readouterr().out
    assert '"level": "ERROR", "event": "request", "outcome": "off_switch_unusable"' in out
    assert "canary" not in out


def test_what_must_not_be_read_stops_commands(dispatch_environment) -> None:
    dispatch_environment.failures = [(400, "AccessDeniedException")] * 2
    dispatch = Dispatch(dispatch_environment)
    assert "Internal error" in dispatch.message(form())["text"]
    assert not dispatch.started


def test_what_cannot_be_read_any_more_leaves_the_switch_as_it_was(dispatch, capsys) -> None:
    dispatch.put_on(FRESH_SECONDS)
    dispatch.aws.failures = [(400, "AccessDeniedException")]
    assert "Running" in dispatch.message(form())["text"]
    warning, request = log_lines(capsys)
    assert (warning["level"], warning["event"]) == ("WARN", "parameters_not_read")
    assert warning["detail"] == "GetParameters: AccessDeniedException (HTTP 400)"
    assert request["outcome"] == "started"


def test_an_unanswered_reading_leaves_time_to_start_the_command(dispatch) -> None:
    dispatch.put_on(FRESH_SECONDS)
    dispatch.aws.failures = ["drop", (503, "ServiceUnavailable"), "drop"]
    assert "Running" in dispatch.message(form())["text"]


def test_whoever_types_while_it_is_off_stands_in_the_audit_log(dispatch_environment) -> None:
    dispatch_environment.put(SWITCH_PARAMETER, "off")
    dispatch = Dispatch(dispatch_environment)
    dispatch.message(form())
    (kept,) = dispatch.refusals
    assert kept["stateMachineArn"] == f"{MACHINES}Refusals"
    assert kept["input"]["reason"] == "switched_off"
