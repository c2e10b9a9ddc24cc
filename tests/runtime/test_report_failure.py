"""What is said when a state of the machine failed."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatops_runtime.contracts import log_search
from chatops_runtime.contracts import report as contract
from chatops_runtime.report import failure, rendering
from chatops_runtime.report.rendering import render
from chatops_runtime.report.report import Report
from tests.runtime.reports import ARN, failed, finished, report, run_command


def text_of(error: str, cause: str) -> str:
    (message,) = render(Report.from_event(report(failed(error, cause))), files=True).messages
    return message.text


def test_a_refusal_of_aws_is_told_with_its_service_and_an_id():
    cause = "User: arn:aws:sts::1:assumed-role/R/x is not authorized to perform: ssm:SendCommand (Service: Ssm)"
    assert text_of("Ssm.AccessDeniedException", cause) == (
        f":x: `/ps` could not be carried out: AccessDeniedException: {cause} (asked by <@U0123TARO>, id `0123456789`)\n"
        "Systems Manager answered that.\n"
        f"More is in the <https://console.aws.amazon.com/states/home?region=eu-central-1#/v2/executions/details/{ARN}"
        "|execution> whose name begins with `0123456789`. The endpoint's saved query in CloudWatch Logs Insights finds "
        "all lines of its logs, and of its audit log, by that id."
    )


def test_an_exception_of_a_function_is_told_without_its_stack():
    cause = json.dumps(
        {
            "errorMessage": "no such <thing>",
            "errorType": "ValueError",
            "requestId": "x",
            "stackTrace": ['  File "/var/task/canary.py", line 1'],
        }
    )
    text = text_of("ValueError", cause)
    assert "could not be carried out: ValueError: no such &lt;thing&gt; (" in text
    assert "canary" not in text


@pytest.mark.parametrize(
    ("error", "cause", "words"),
    [
        ("States.Timeout", "", "could not be carried out: States.Timeout ("),
        ("Lambda.Unknown", "The cause could not be determined", "Unknown: The cause could not be determined ("),
        ("Lambda.Unknown", "Task timed out after 3.00 seconds", "Lambda answered that."),
        ("Sandbox.Timedout", '{"errorMessage": "Task timed out"}', "Sandbox.Timedout: Task timed out ("),
        ("MyError", "[1, 2]", "MyError: [1, 2] ("),
        ("MyError", '"text"', 'MyError: "text" ('),
        ("", "", "an error without a name ("),
        ("a.b.c", "", "a.b.c ("),
        ("Ssm.", "x", "Ssm.: x ("),
    ],
)
def test_other_errors(error, cause, words):
    assert words in text_of(error, cause)


def test_a_long_or_hostile_cause_is_cut_and_harmless():
    text = text_of("E", "\x1b[31m<!channel>\n" + "x" * 5000)
    assert "E: &lt;!channel&gt; xxx" in text
    assert text.count("x") < failure.LONGEST_CAUSE
    assert "x… (" in text


@given(st.text(max_size=30), st.text(max_size=1000))
def test_any_error_and_cause_are_told(error, cause):
    text = text_of(error, cause)
    assert text.startswith(":x: `/ps` could not be carried out: ")
    assert text.replace("<@U0123TARO>", "").replace("<https://console.aws.amazon.com/", "").count("<") == 0
    assert "```" not in text
    assert len(text.splitlines()) <= 3


def test_a_result_of_an_unknown_kind_is_told_and_logged(capsys):
    (message,) = render(Report.from_event(report(finished({"kind": "<poem>", "ok": True}))), files=True).messages
    assert message.text == (
        ":x: `/ps` is over, but its result cannot be shown: `KeyError in a result of the kind &lt;poem&gt;` "
        "(asked by <@U0123TARO>, id `0123456789`)"
    )
    assert json.loads(capsys.readouterr().out)["event"] == "not_rendered"


def test_every_kind_of_the_contract_has_a_renderer():
    documented = re.findall(r'\{"kind": "(\w+)"', f"{contract.__doc__}{log_search.__doc__}")
    assert set(rendering.RENDERERS) == set(documented)
    assert len(documented) >= 5


def test_a_report_of_another_version_is_refused():
    with pytest.raises(ValueError, match="version 1: this code reads version 2"):
        Report.from_event({**report(finished(run_command())), "version": 1})
