"""Buttons that run a command: as if who clicks had typed it, and answered where the button is."""

import hashlib
from typing import Any

import pytest

from tests.runtime.conftest import MACHINES, Dispatch, log_lines
from tests.runtime.slack_clicks import ACTIONS_URL, click
from tests.runtime.slack_requests import TEAM


def run(line: str, **fields: Any) -> bytes:
    return click("chatops.run", line, **fields)


def said(dispatch: Dispatch, cancel: str = "") -> str:
    (say,) = dispatch.decided
    content = dict(say["input"])
    text: str = content.pop("text")
    assert content.pop("cancel") == cancel
    assert content == {
        "version": 1,
        "kind": "say",
        "id": say["name"],
        "team_id": TEAM,
        "response_url": ACTIONS_URL,
        "visible": "user",
    }
    return text


def test_the_command_runs_and_the_user_is_told(dispatch):
    body = run("/ops restart nginx --since 3h")
    answer = dispatch(body)
    assert (answer["statusCode"], answer["body"]) == (200, "")
    name = hashlib.sha256(body).hexdigest()
    (started,) = dispatch.started
    assert (started["stateMachineArn"], started["name"]) == (f"{MACHINES}Ops-Restart", name)
    request = started["input"]
    assert request["arguments"] == {"service": "nginx", "since": 10_800, "force": False}
    assert (request["source"], request["response_url"]) == ("button", ACTIONS_URL)
    assert (request["user_id"], request["channel_id"], request["channel_name"]) == ("U0123TARO", "C0123OPS", "ops")
    assert request["text"] == "nginx --since 3h"
    assert dispatch.decided[0]["name"] == name
    understood = "`service` is `nginx`, `since` is `3h`, `force` is `false`"
    assert said(dispatch) == f"Running `/ops restart` … (id `{name[:10]}`)\n{understood}"


def test_what_can_be_cancelled_can_be_cancelled_there(dispatch):
    body = run("/long")
    dispatch(body)
    name = hashlib.sha256(body).hexdigest()
    assert said(dispatch, cancel=f"v1:Ops-Long:{name}:") == f"Running `/long` … (id `{name[:10]}`)"


@pytest.mark.parametrize(
    ("line", "text", "outcome"),
    [
        ("/ops restart ngnix", "`/ops restart` was not run. `service` cannot be", "usage"),
        ("/here", "`/here` was not run. It is for everybody in <#C0456ADM>.", "not_allowed"),
        ("/nope", "Unknown command `/nope`.", "unknown_command"),
        ("/ops help", "*What you can run here*", "help"),
        ("/restart app", "Running `/ops restart`", "started"),
        ("  /purge  ", "There is a question about `/purge`", "started"),
    ],
)
def test_it_is_judged_as_if_it_were_typed(dispatch, capsys, line, text, outcome):
    dispatch(run(line))
    assert said(dispatch).startswith(text)
    (logged,) = log_lines(capsys)
    assert (logged["outcome"], logged["action"]) == (outcome, "chatops.run")
    assert logged.get("Started", 0) == len(dispatch.started)


@pytest.mark.parametrize(
    ("action_id", "runs"), [("chatops.run.0", True), ("chatops.run.12", True), ("chatops.runs", False)]
)
def test_several_of_them_in_a_row_are_told_apart(dispatch, action_id, runs):
    assert dispatch(click(action_id, "/ops restart nginx"))["statusCode"] == 200
    assert len(dispatch.started) == runs


def test_a_refusal_is_kept(dispatch):
    dispatch(run("/here"))
    assert dispatch.refusals[0]["input"]["reason"] == "not_allowed"


def test_while_switched_off_it_is_refused(dispatch):
    dispatch.aws.put("/chatops/Ops_Slack_1A2B3C4D/off-switch", "off")
    dispatch.put_on(60)
    dispatch(run("/long"))
    assert said(dispatch) == "`/long` was not run. Commands are switched off."
    assert dispatch.started == []


@pytest.mark.parametrize("team", ["T0OTHER", f"{TEAM}X", TEAM[:-1], None])
@pytest.mark.parametrize("line", ["/long", "/ops restart app", "/wipe"])
def test_a_member_of_another_workspace_runs_nothing(dispatch, team, line):
    """A message in a channel that is shared over Slack Connect has its buttons for all of its members."""
    user = {"id": "U0123TARO", "username": "taro", **({"team_id": team} if team else {})}
    dispatch(run(line, user=user))
    assert dispatch.started == []
    assert said(dispatch).endswith("was not run. It is for members of this workspace.")
    assert dispatch.refusals[0]["input"]["reason"] == "not_allowed"


def test_a_member_of_another_workspace_learns_of_no_command(dispatch):
    user = {"id": "U0123TARO", "username": "taro", "team_id": "T0OTHER"}
    dispatch(run("/ops help", user=user))
    assert "There is nothing that you can run here." in said(dispatch)


@pytest.mark.parametrize("line", ["", "   ", "ops restart", "restart", "/", "<!channel>", "/a`b", "/ x"])
def test_what_is_no_command_line_is_refused(dispatch, capsys, line):
    assert dispatch(run(line))["statusCode"] == 400
    assert dispatch.aws.called("StartExecution") == []
    assert log_lines(capsys)[-1]["outcome"] == "field_malformed: value"


def test_a_click_delivered_twice_runs_the_command_once(dispatch):
    body = run("/long")
    dispatch(body)
    dispatch.aws.closed.update(dispatch.aws.executions)
    assert dispatch(body)["statusCode"] == 200
    assert sorted(arn.rsplit(":", 2)[1] for arn in dispatch.aws.executions) == ["Decisions", "Ops-Long"]


def test_what_cannot_be_said_is_in_the_log(dispatch, capsys):
    dispatch.aws.failures = [None, (400, "AccessDeniedException")]
    assert dispatch(run("/long"))["statusCode"] == 200
    (line,) = log_lines(capsys)
    assert (line["level"], line["outcome"], line["not_said"]) == ("ERROR", "started", "start_refused")


def test_a_command_that_could_not_be_started_is_told_and_marked(dispatch):
    dispatch.aws.failures = [(400, "AccessDeniedException")]
    assert dispatch(run("/long"))["statusCode"] == 503
    assert said(dispatch).startswith("`/long` could not be started: AccessDeniedException")
