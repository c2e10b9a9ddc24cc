"""What is said of a workflow that a command started."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatops_runtime.report.account import Account
from chatops_runtime.report.rendering import render
from chatops_runtime.report.report import Report
from chatops_runtime.slack.text_budget import MESSAGE, units
from tests.runtime.reports import finished, reply, report

ARN = "arn:aws:states:eu-central-1:123456789012:execution:Restore:a1b2c3"
LINK = "states/home?region=eu-central-1#/v2/executions/details/"


def workflow(**fields: Any) -> dict[str, Any]:
    result = {"status": "SUCCEEDED", "output": None, "output_cut": False, "error": "", "cause": "", **fields}
    return {"kind": "workflow", "ok": result["status"] == "SUCCEEDED", "execution_arn": ARN, **result}


def account(result: dict[str, Any], *, files: bool = False) -> Account:
    return render(Report.from_event(report(finished(result))), files=files)


def said(result: dict[str, Any]) -> str:
    (message,) = account(result).messages
    return message.text


@pytest.mark.parametrize(
    "output",
    ["plain <text>", {"text": "a < b"}, {"mrkdwn": "*b*", "visible": "user"}, {"blocks": [{"type": "divider"}]}, None],
)
def test_what_is_an_answer_is_shown_as_one(output: Any):
    assert account(workflow(output=output)) == account(reply(output))


def test_nothing_is_done():
    assert account(workflow(output={})) == account(reply(None))


@pytest.mark.parametrize("output", [{"rows": 3, "from": "<!channel>"}, [1, 2], 7, False, {"text": 5}, {"status": "ok"}])
def test_anything_else_is_laid_out(output: Any):
    (message,) = account(workflow(output=output)).messages
    assert message.text.startswith(":white_check_mark: `/ps` succeeded (")
    assert "<!channel>" not in message.text
    shown = message.text.partition("```")[2].rpartition("```")[0]
    assert json.loads(shown.replace("&lt;", "<").replace("&gt;", ">")) == output


def test_what_has_no_room_follows_or_is_a_file():
    result = workflow(output={"rows": list(range(3_000))})
    in_messages, in_file = account(result), account(result, files=True)
    assert len(in_messages.messages) > 1
    assert in_messages.file is None
    assert in_file.file is not None
    assert json.loads(in_file.file.text) == result["output"]
    assert all(units(message.text) <= MESSAGE for message in in_messages.messages)


def test_an_output_that_was_cut_is_not_taken_for_an_answer():
    text = said(workflow(output='{"text": "a <b', output_cut=True))
    assert "all of it is in <https://" in text
    assert LINK in text
    assert '{"text": "a &lt;b' in text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"status": "FAILED", "error": "Broken", "cause": "no <table>"}, "`/ps` failed: Broken: no &lt;table&gt; ("),
        ({"status": "FAILED", "error": "", "cause": ""}, "`/ps` failed ("),
        (
            {"status": "FAILED", "error": "Err", "cause": json.dumps({"errorType": "KeyError", "errorMessage": "'x'"})},
            "`/ps` failed: KeyError: 'x' (",
        ),
        ({"status": "TIMED_OUT"}, "`/ps` failed: its workflow came to no end in its own time ("),
        ({"status": "ABORTED", "error": "Enough"}, "`/ps` was stopped: somebody stopped its workflow: Enough ("),
        ({"status": "RUNNING"}, "`/ps` is not over: its workflow is still running ("),
    ],
)
def test_how_it_failed(fields: dict[str, str], words: str):
    text = said(workflow(**fields))
    assert f":x: {words}" in text
    assert LINK in text
    assert "saved query" in text


def test_what_was_given_up():
    text = said(workflow(status="ABORTED", error="ChatOps.TimedOut", cause="not over within 600 seconds"))
    assert "was not over in time, and its workflow was stopped" in text


KEYS = st.text() | st.sampled_from(["text", "mrkdwn", "blocks", "visible"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda each: st.lists(each) | st.dictionaries(KEYS, each),
    max_leaves=20,
)


@given(JSON)
def test_whatever_it_is_it_is_told_and_pings_nobody(output: Any):
    result = account(workflow(output=output))
    assert result.messages
    for message in result.messages:
        assert "cannot be shown" not in message.text
        if not (isinstance(output, dict) and "mrkdwn" in output):
            assert "<!" not in message.text.replace("<!date", "")
