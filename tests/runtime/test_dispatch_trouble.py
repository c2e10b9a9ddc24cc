"""AWS in trouble, secrets that change, configuration that lacks something."""

import json
import time

import pytest

from chatops_runtime.contracts.off_switch import FRESH_SECONDS
from chatops_runtime.dispatch.controls import RETRY_SECONDS
from tests.runtime.aws_double import SECRET_PARAMETER, SWITCH_PARAMETER
from tests.runtime.conftest import Dispatch, log_lines
from tests.runtime.slack_requests import SECRET, Context, form, signed

VARIABLES = [
    *("CHATOPS_TEAM_ID", "CHATOPS_APP_ID", "CHATOPS_ENDPOINT"),
    *("CHATOPS_SIGNING_SECRET_PARAMETER", "CHATOPS_OFF_SWITCH_PARAMETER"),
]


@pytest.mark.parametrize("failure", [(500, "InternalServerError"), (400, "ThrottlingException"), "drop"])
def test_a_passing_failure_is_tried_again(dispatch, failure):
    dispatch.aws.failures = [failure, failure]
    assert "Running" in dispatch.message(form())["text"]
    assert len(dispatch.aws.executions) == 1


def test_a_clock_that_is_wrong_does_not_stop_a_command(dispatch):
    dispatch.aws.date = "Fri, 15 Jan 2027 09:00:00 GMT"
    dispatch.aws.failures = [(403, "InvalidSignatureException")]
    assert "Running" in dispatch.message(form())["text"]
    assert [call["x-amz-date"] for call in map(lowered, dispatch.aws.headers)][-1].startswith("20270115T0900")


def lowered(headers):
    return {name.lower(): value for name, value in headers.items()}


def test_the_connection_of_one_request_serves_the_next(dispatch):
    dispatch(form(text=""))
    dispatch(form(command="/say", text="hello"))
    assert len(dispatch.aws.executions) == 2
    assert dispatch.aws.connections == 2  # one to each service


def test_a_secret_that_is_throttled_at_first_is_read_all_the_same(dispatch_environment):
    dispatch_environment.failures = [(400, "ThrottlingException"), (500, "InternalServerError"), "drop"]
    dispatch = Dispatch(dispatch_environment)
    assert len(dispatch.aws.called("GetParameters")) == 4
    assert "Running" in dispatch.message(form())["text"]


@pytest.mark.parametrize("failure", [(503, "ServiceUnavailable"), "drop"])
def test_a_secret_that_cannot_be_had_for_now_means_to_try_again(dispatch_environment, failure, monkeypatch):
    monkeypatch.setattr("chatops_runtime.dispatch.deadline.SECONDS", 0.3)
    dispatch_environment.failures = [failure] * 1000
    text = Dispatch(dispatch_environment).message(form())["text"]
    assert "Nothing was run. Try again in a moment." in text
    assert not dispatch_environment.executions


@pytest.mark.parametrize("failure", ["drop", (500, "InternalFailure")])
def test_an_execution_that_an_unanswered_call_started_is_no_earlier_one(dispatch, failure):
    """The call started it and its answer was lost; it is over when the call is made again."""
    dispatch.aws.failures = [failure, (400, "ExecutionAlreadyExists")]
    assert "Running" in dispatch.message(form())["text"]


@pytest.mark.parametrize("code", ["AccessDeniedException", "StateMachineDoesNotExist"])
def test_a_refusal_of_aws_is_said_once_with_its_code_and_an_id(dispatch, code, capsys):
    dispatch.aws.failures = [(400, code)]
    message = dispatch.message(form())
    assert message["response_type"] == "ephemeral"
    assert message["text"].startswith(f"`/ps` could not be started: {code} (id `")
    assert len(dispatch.aws.called("StartExecution")) == 1
    assert log_lines(capsys)[-1]["detail"] == f"StartExecution: {code} (HTTP 400)"


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        ((400, "ThrottlingException"), "Try again in a moment"),
        # It may have been started.
        ((503, "ServiceUnavailable"), "If no result follows within a minute, try again"),
        ("drop", "If no result follows within a minute, try again"),
    ],
)
def test_what_lasts_beyond_the_time_is_said(dispatch, failure, words):
    dispatch.aws.failures = [failure] * 100
    answer = dispatch(form(), context=Context(remaining=500))
    assert answer["statusCode"] == 200
    message = json.loads(answer["body"])
    assert message["response_type"] == "ephemeral"
    assert "could not be started" in message["text"]
    assert words in message["text"]


def test_a_secret_that_cannot_be_read_at_first_is_read_with_the_request(dispatch_environment, capsys):
    dispatch_environment.failures = [(400, "AccessDeniedException")] * 2
    dispatch = Dispatch(dispatch_environment)
    (line,) = log_lines(capsys)
    assert (line["event"], line["detail"]) == ("start_up_failed", "GetParameters: AccessDeniedException (HTTP 400)")
    assert "Internal error" in dispatch.message(form())["text"]
    assert not dispatch.aws.executions
    assert "Running" in dispatch.message(form())["text"]


def test_a_secret_that_is_missing_is_said_to_whoever_types(dispatch_environment, capsys):
    dispatch_environment.secret = None
    dispatch = Dispatch(dispatch_environment)
    message = dispatch.message(form())
    assert message["response_type"] == "ephemeral"
    assert message["text"] == (
        f"Nothing was run: this endpoint has no signing secret (request id `{Context.aws_request_id}`). "
        "Whoever looks after this app stores it with `chatops-constructs setup`."
    )
    (line,) = log_lines(capsys)
    assert (line["level"], line["outcome"]) == ("ERROR", "secret_missing")
    assert line["detail"] == f"parameter {SECRET_PARAMETER} does not exist"
    assert not dispatch.aws.executions


def test_a_secret_that_is_missing_is_nothing_that_a_stranger_learns(dispatch_environment):
    dispatch_environment.secret = None
    assert Dispatch(dispatch_environment)(form(), {})["statusCode"] == 401


def test_a_secret_that_was_missing_takes_effect_once_it_is_stored(dispatch_environment):
    dispatch_environment.secret = None
    dispatch = Dispatch(dispatch_environment)
    assert "no signing secret" in dispatch.message(form())["text"]
    dispatch_environment.secret = SECRET
    dispatch.put_on(RETRY_SECONDS)
    assert "Running" in dispatch.message(form())["text"]


def test_a_secret_that_is_deleted_lets_nothing_run(dispatch):
    assert "Running" in dispatch.message(form())["text"]
    dispatch.aws.secret = None
    dispatch.put_on(FRESH_SECONDS)
    assert "no signing secret" in dispatch.message(form(text=""))["text"]


def test_the_parameters_are_read_while_the_function_starts_and_then_kept(dispatch):
    assert dispatch.aws.called("GetParameters") == [
        {"Names": [SECRET_PARAMETER, SWITCH_PARAMETER], "WithDecryption": True}
    ]
    dispatch(form())
    dispatch(form(text="help"))
    assert len(dispatch.aws.called("GetParameters")) == 1


def test_a_rotated_secret_takes_effect_at_once_and_without_a_deploy(dispatch):
    new = "fedcba9876543210fedcba9876543210"
    dispatch.aws.secret = new
    body = form()
    assert dispatch(body, signed(body, secret=new))["statusCode"] == 200
    assert dispatch(body, signed(body))["statusCode"] == 200  # what was signed just before
    dispatch.put_on(299)
    assert dispatch(body, signed(body))["statusCode"] == 200
    dispatch.put_on(1)
    assert dispatch(body, signed(body))["statusCode"] == 401


def test_a_secret_that_was_replaced_long_ago_is_not_taken_by_a_function_that_slept(dispatch):
    """Its first request after the rotation: what counts is when the parameter was written."""
    dispatch.put_on(3_600)
    dispatch.aws.put(SECRET_PARAMETER, "fedcba9876543210fedcba9876543210", at=time.time() + 3_600 - 301)
    assert dispatch(form())["statusCode"] == 401
    assert not dispatch.aws.executions


@pytest.mark.parametrize("variable", VARIABLES)
def test_a_missing_variable_is_named_in_the_log(dispatch_environment, variable, monkeypatch, capsys):
    monkeypatch.delenv(variable)
    assert "Internal error" in Dispatch(dispatch_environment).message(form())["text"]
    assert all(variable in line["detail"] for line in log_lines(capsys))


def test_a_missing_table_is_named_in_the_log(dispatch_environment, tmp_path, capsys):
    (tmp_path / "chatops_commands.json").unlink()
    assert "Internal error" in Dispatch(dispatch_environment).message(form())["text"]
    assert all("chatops_commands.json" in line["detail"] for line in log_lines(capsys))
