"""Of a genuine command that is refused, a line is kept: dispatch starts the state machine that does it."""

import hashlib
import json

import pytest

from chatops_runtime.contracts import commands_table
from chatops_runtime.dispatch.refusal_audit import LONGEST_FIELD
from tests.runtime.conftest import MACHINES, TABLE, Dispatch, log_lines
from tests.runtime.slack_requests import TEAM, Context, form, signed

NOT_FOR_TARO = {"command": "/ops", "text": "wipe everything"}


def test_who_may_not_is_kept_under_the_requests_name(dispatch, capsys):
    body = form(**NOT_FOR_TARO)
    name = hashlib.sha256(body).hexdigest()
    assert "was not run" in dispatch.message(body)["text"]
    (kept,) = dispatch.refusals
    assert kept["stateMachineArn"] == f"{MACHINES}Refusals"
    assert kept["name"] == name
    assert kept["input"] == {
        "version": 1,
        "id": name,
        "reason": "not_allowed",
        "request": {
            "command": "/ops wipe",
            "text": "everything",
            "team_id": TEAM,
            "channel_id": "C0123OPS",
            "channel_name": "ops",
            "user_id": "U0123TARO",
            "user_name": "taro",
        },
    }
    assert log_lines(capsys)[-1]["id"] == name


def test_the_same_request_again_leaves_one_line(dispatch):
    body = form(**NOT_FOR_TARO)
    first = dispatch(body)
    dispatch.aws.closed.update(dispatch.aws.executions)
    assert dispatch(body) == first
    assert len(dispatch.aws.executions) == 1


def test_however_much_was_typed(dispatch):
    dispatch(form(command="/ops", text=f"wipe {'x' * 200_000}"))
    (kept,) = dispatch.refusals
    assert kept["input"]["request"]["text"] == "x" * LONGEST_FIELD


@pytest.mark.parametrize(
    ("command", "text"), [("/ps", ""), ("/ps", "help"), ("/ps", "aux"), ("/nope", ""), ("/say", "x" * 150_000)]
)
def test_nothing_else_is_kept(dispatch, command, text):
    dispatch(form(command=command, text=text))
    assert not dispatch.refusals


def test_what_slack_did_not_sign_is_not_kept(dispatch):
    body = form(**NOT_FOR_TARO)
    dispatch(body, signed(body, secret="f" * 31 + "0123456789"))
    assert not dispatch.aws.executions


@pytest.mark.parametrize(
    ("failure", "why"),
    [
        ((400, "AccessDeniedException"), "StartExecution: AccessDeniedException (HTTP 400)"),
        ("drop", "StartExecution: no answer (ConnectionEndedError)"),
    ],
)
def test_a_line_that_cannot_be_kept_is_logged_and_counted_and_the_user_is_answered(dispatch, failure, why, capsys):
    dispatch.aws.failures = [failure] * 100
    answer = dispatch(form(**NOT_FOR_TARO), context=Context(remaining=500))
    assert json.loads(answer["body"])["text"] == "`/ops wipe` was not run. It is for <@U0BOSS>."
    (line,) = log_lines(capsys)
    assert (line["level"], line["outcome"], line["not_audited"]) == ("ERROR", "not_allowed", why)
    assert line["NotAudited"] == 1


def test_a_table_without_the_machine_is_no_reason_to_leave_the_user_without_an_answer(
    dispatch_environment, tmp_path, capsys
):
    (tmp_path / commands_table.FILE_NAME).write_text(json.dumps({"version": 2, "commands": TABLE}), encoding="utf-8")
    assert "was not run" in Dispatch(dispatch_environment).message(form(**NOT_FOR_TARO))["text"]
    assert "names no state machine for refusals" in log_lines(capsys)[-1]["not_audited"]
