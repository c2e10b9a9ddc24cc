"""What is said of an execution that was ended from outside, or by what no state can catch."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatops_runtime.report.rendering import render
from chatops_runtime.report.report import Report
from tests.runtime.reports import ended, report


def text_of(how: str, error: str = "", cause: str = "") -> str:
    (message,) = render(Report.from_event(report(ended(how, error, cause))), files=True).messages
    return message.text


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("ABORTED", "was stopped before its result was told"),
        ("TIMED_OUT", "came to no result in its time and was ended"),
        ("FAILED", "was ended by an error of its state machine"),
    ],
)
def test_how_it_ended_is_told_with_what_that_leaves_behind_and_an_id(how, words):
    lines = text_of(how).splitlines()
    assert lines[0] == f":x: `/ps` {words} (asked by <@U0123TARO>, id `0123456789`)"
    assert lines[1] == "What it had started may still be running."
    assert "`0123456789`" in lines[2]


def test_the_reason_is_told_when_there_is_one():
    assert "error of its state machine: States.Runtime: no <such> field".replace("<such>", "&lt;such&gt;") in text_of(
        "FAILED", "States.Runtime", "no <such> field"
    )
    assert "was told: taro stopped it (" in text_of("ABORTED", "", "taro stopped it")


@given(st.sampled_from(["ABORTED", "TIMED_OUT", "FAILED", ""]), st.text(max_size=30), st.text(max_size=1000))
def test_any_reason_is_harmless(how, error, cause):
    text = text_of(how, error, cause)
    assert text.startswith(":x: `/ps` ")
    assert "<" not in text.replace("<@U0123TARO>", "").replace("<https://console.aws.amazon.com/", "")
    assert "```" not in text
    assert len(text.splitlines()) == 3
