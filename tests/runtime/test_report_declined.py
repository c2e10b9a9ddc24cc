"""What is said of commands that were declined or cancelled, and that no alarm hears of them."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatops_runtime.contracts import report as contract
from chatops_runtime.report import metrics
from chatops_runtime.report.rendering import render
from chatops_runtime.report.report import Report
from chatops_runtime.slack.message import Message
from tests.runtime.reports import ended, finished, report

ORIGIN = "(asked by <@U0123TARO>, id `0123456789`)"


def declined(reason: str, **changes: object) -> Message:
    result = {"kind": "declined", "ok": False, "reason": reason, "by": [], "detail": "", **changes}
    (message,) = render(Report.from_event(report(finished(result))), files=True).messages
    return message


@pytest.mark.parametrize(
    ("reason", "changes", "why"),
    [
        ("not_allowed", {"detail": "members of <!subteam^S1>"}, "it is for members of <!subteam^S1>."),
        (
            "slack_unavailable",
            {"detail": "members of `S1`"},
            "it is for members of `S1`, and Slack did not say whether you are one of them. Try again later.",
        ),
        ("denied", {"by": ["U1"]}, "it was denied by <@U1>."),
        ("expired", {}, "there was no answer in time."),
        ("cancelled", {"by": ["U0123TARO"]}, "it was cancelled by <@U0123TARO>."),
        (
            "busy",
            {"by": ["U1"], "detail": "2026-11-22T01:13:50Z"},
            "another one is under way, started by <@U1>, since "
            "<!date^1795310030^{date_short_pretty} {time}|2026-11-22 01:13 UTC>. Try again when that is over.",
        ),
        ("busy", {}, "another one is under way. Try again when that is over."),
        (
            "changed",
            {"detail": "version 3 is version 4 now"},
            "what would run has changed since it was asked for (version 3 is version 4 now). Nothing was run. "
            "Ask again.",
        ),
    ],
)
def test_why_is_said(reason, changes, why):
    assert declined(reason, **changes).text == f":no_entry: `/ps` was not run: {why} {ORIGIN}"


def test_every_reason_of_the_contract_has_words():
    for reason in contract.DECLINED_REASONS:
        assert f"was not run: {reason}." not in declined(reason).text


def test_one_of_tomorrow_is_told_as_it_is():
    assert declined("full_<moon>", by=["U1"]).text.startswith(
        ":no_entry: `/ps` was not run: full_&lt;moon&gt; by <@U1>."
    )


@pytest.mark.parametrize(
    ("reason", "visible"),
    [("not_allowed", "user"), ("slack_unavailable", "user"), ("busy", "user"), ("denied", None), ("expired", None)],
)
def test_what_concerns_nobody_else_is_private(reason, visible):
    assert declined(reason).visible == visible


@given(st.text(max_size=400))
def test_what_changed_is_plain_text(detail):
    text = declined("changed", detail=detail).text.replace("<@U0123TARO>", "")
    assert "<" not in text
    assert "\n" not in text
    assert text.count("`") == 4


def cancelled(cause: str) -> str:
    (message,) = render(Report.from_event(report(ended("ABORTED", "ChatOps.Cancelled", cause))), files=True).messages
    return message.text


def test_who_cancelled_is_named():
    text = cancelled("U0BOSS")
    assert text.startswith(f":no_entry_sign: `/ps` was cancelled by <@U0BOSS> {ORIGIN}\n")
    assert "told to stop" in text
    assert len(text.splitlines()) == 3


@pytest.mark.parametrize("cause", ["", "<!channel>", "U1> <!here", "nobody"])
def test_a_cause_that_is_no_user_is_not_said(cause):
    assert cancelled(cause).startswith(f":no_entry_sign: `/ps` was cancelled {ORIGIN}\n")


@pytest.mark.parametrize(
    "outcome",
    [
        finished({"kind": "declined", "ok": False, "reason": "denied", "by": ["U1"], "detail": ""}),
        ended("ABORTED", "ChatOps.Cancelled", "U1"),
    ],
)
def test_people_changing_their_minds_is_no_failure(outcome):
    assert metrics.facts("Ops-Slack", Report.from_event(report(outcome)), time.time()) == {}


def test_a_stop_from_outside_still_is():
    facts = metrics.facts("Ops-Slack", Report.from_event(report(ended("ABORTED"))), time.time())
    assert facts["Failed"] == 1
    json.dumps(facts)
