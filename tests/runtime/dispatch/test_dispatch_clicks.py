"""Clicks: handed to the decide machine as they are, once Slack is known to have sent them."""

import hashlib
import json

import pytest

from chatops_runtime.contracts import control
from tests.runtime.conftest import MACHINES, Dispatch, log_lines
from tests.runtime.slack_clicks import ACTIONS_URL, HANDLE, click, interaction, payload
from tests.runtime.slack_requests import SECRET, TEAM, form, signed

EMPTY = {"statusCode": 200, "headers": {"content-type": "text/plain; charset=utf-8"}, "body": ""}


@pytest.mark.parametrize("action_id", sorted(control.DECIDED))
def test_a_click_starts_the_decide_machine(dispatch, action_id):
    body = click(action_id)
    assert dispatch(body) == EMPTY
    name = hashlib.sha256(body).hexdigest()
    (started,) = dispatch.aws.called("StartExecution")
    assert started["stateMachineArn"] == f"{MACHINES}Decisions"
    assert started["name"] == name
    assert json.loads(started["input"]) == {
        "version": 1,
        "kind": "click",
        "id": name,
        "team_id": TEAM,
        "user_id": "U0123TARO",
        "user_name": "taro",
        "user_team_id": TEAM,
        "channel_id": "C0123OPS",
        "message_ts": "1763773430.000100",
        "is_ephemeral": False,
        "response_url": ACTIONS_URL,
        "action_id": action_id,
        "value": HANDLE,
        "selected": [],
        "switched_off": "",
    }


def test_a_body_in_base64_is_the_same_click(dispatch):
    assert dispatch(click(), encoded=True) == EMPTY
    assert dispatch.decided[0]["name"] == hashlib.sha256(click()).hexdigest()


def test_what_is_chosen_comes_along_by_the_menus_numbers(dispatch):
    def option(value: str) -> dict[str, object]:
        return {"text": {"type": "plain_text", "text": value}, "value": value}

    values = {
        "second": {
            "chatops.menu.10": {"type": "multi_static_select", "selected_options": [option("i-3"), option("i-4")]}
        },
        "first": {"chatops.menu.2": {"type": "multi_static_select", "selected_options": [option("i-2")]}},
        "one": {"chatops.menu.0": {"type": "static_select", "selected_option": option("i-1")}},
        "none": {"chatops.menu.1": {"type": "static_select", "selected_option": None}},
        "foreign": {"other.menu": {"type": "static_select", "selected_option": option("canary")}},
    }
    dispatch(click("chatops.submit", state={"values": values}))
    assert dispatch.decided[0]["input"]["selected"] == ["i-1", "i-2", "i-3", "i-4"]


def test_a_click_by_a_member_of_another_workspace_is_told_as_such(dispatch):
    """Over Slack Connect: what becomes of it is decide's to say, which can say it to who clicked."""
    dispatch(click(user={"id": "U0STRANGER", "username": "mallory", "team_id": "T0OTHER"}))
    found = dispatch.decided[0]["input"]
    assert (found["user_id"], found["user_team_id"], found["team_id"]) == ("U0STRANGER", "T0OTHER", TEAM)


def test_an_app_of_a_whole_organisation_has_no_team_of_its_own(dispatch):
    assert dispatch(click(team=None, enterprise={"id": "E0ORG"})) == EMPTY
    assert dispatch.decided[0]["input"]["team_id"] == TEAM
    stranger = {"id": "U0STRANGER", "username": "mallory", "team_id": "T0OTHER"}
    assert dispatch(click(team=None, enterprise={"id": "E0ORG"}, user=stranger))["statusCode"] == 403


def test_while_switched_off_decide_learns_the_words(dispatch):
    dispatch.aws.put("/chatops/Ops_Slack_1A2B3C4D/off-switch", "off until <noon>")
    dispatch.put_on(60)
    assert dispatch(click()) == EMPTY
    assert dispatch.decided[0]["input"]["switched_off"] == "Commands are switched off: until &lt;noon&gt;"


def test_the_same_click_delivered_twice_is_one(dispatch, capsys):
    dispatch(click())
    dispatch.aws.closed.update(dispatch.aws.executions)
    assert dispatch(click()) == EMPTY
    assert [line["outcome"] for line in log_lines(capsys)] == ["click", "already_received"]
    assert len(set(dispatch.aws.executions)) == 1


@pytest.mark.parametrize(
    "content",
    [
        payload("chatops.menu.0"),
        payload("somebody.elses"),
        payload(""),
        payload(actions=[]),
        payload(actions=None),
        payload(type="view_submission", response_url=None),
        payload(type="block_suggestion"),
        payload(type="shortcut", container=None),
        payload(type=None),
        payload(container={"type": "view", "view_id": "V1"}),
    ],
)
def test_what_is_none_of_ours_is_taken_and_ignored(dispatch, capsys, content):
    assert dispatch(interaction(content)) == EMPTY
    assert dispatch.aws.called("StartExecution") == []
    (line,) = log_lines(capsys)
    assert (line["level"], line["outcome"], line["status"]) == ("INFO", "ignored_click", 200)
    assert line["Received"] == 1
    assert "Refused" not in line


def test_the_log_says_what_was_clicked_and_no_secret(dispatch, capsys):
    dispatch(click())
    (line,) = log_lines(capsys)
    assert line["outcome"] == "click"
    assert (line["action"], line["user_id"], line["channel_id"]) == ("chatops.approve", "U0123TARO", "C0123OPS")
    assert line["id"] == hashlib.sha256(click()).hexdigest()
    assert "canary" not in json.dumps(line)
    assert HANDLE not in json.dumps(line)
    assert SECRET not in json.dumps(line)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"team": {"id": "T0OTHER"}}, "another_team"),
        ({"team": {"id": f"{TEAM}X"}}, "another_team"),
        ({"team": {"id": TEAM[:-1]}}, "another_team"),
        ({"api_app_id": "A0OTHER"}, "another_app"),
        ({"response_url": ACTIONS_URL.replace("slack.com", "evil.example")}, "response_url_of_another_host"),
        ({"response_url": ACTIONS_URL.replace(TEAM, "T0OTHER")}, "response_url_of_another_team"),
        ({"response_url": "http://169.254.169.254/"}, "response_url_malformed"),
        ({"response_url": f"https://hooks.slack.com/services/{TEAM}/1/2"}, "response_url_malformed"),
    ],
)
def test_what_is_not_for_this_endpoint_is_refused(dispatch, capsys, fields, reason):
    answer = dispatch(click(**fields))
    assert (answer["statusCode"], answer["body"]) == (403, "Forbidden")
    assert dispatch.aws.called("StartExecution") == []
    (line,) = log_lines(capsys)
    assert (line["level"], line["outcome"], line["Refused"]) == ("WARN", reason, 1)


@pytest.mark.parametrize("field", ["team_id", "enterprise"])
def test_the_organisation_may_own_the_response_url(dispatch, field):
    url = ACTIONS_URL.replace(TEAM, "E0ORG")
    enterprise = {"id": "E0ORG"} if field == "enterprise" else None
    assert dispatch(click(response_url=url, enterprise=enterprise))["statusCode"] == (200 if enterprise else 403)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        signed(click(), secret="f" * 32),
        signed(click(), timestamp="1531420618"),
        signed(click(), timestamp="9999999999"),
        signed(click(), timestamp="not a number"),
        signed(form()),
    ],
)
def test_what_slack_did_not_sign_is_no_click(dispatch, headers):
    assert dispatch(click(), headers)["statusCode"] == 401
    assert dispatch.aws.called("StartExecution") == []


@pytest.mark.parametrize(
    ("failure", "outcome"),
    [((400, "AccessDeniedException"), "start_refused"), ((400, "StateMachineDoesNotExist"), "start_refused")],
)
def test_a_click_that_is_lost_is_marked_as_such(dispatch, capsys, failure, outcome):
    """Slack shows nothing of the answer's body, but marks the control if its status is bad."""
    dispatch.aws.failures = [failure]
    answer = dispatch(click())
    assert (answer["statusCode"], answer["body"]) == (503, "Service Unavailable")
    (line,) = log_lines(capsys)
    assert (line["level"], line["outcome"], line["status"]) == ("ERROR", outcome, 503)


def test_a_click_that_nobody_knows_to_be_slacks_is_marked_as_lost(dispatch_environment, capsys):
    dispatch_environment.secret = None
    assert Dispatch(dispatch_environment)(click())["statusCode"] == 503
    assert log_lines(capsys)[-1]["outcome"] == "secret_missing"


def test_a_table_without_a_decide_machine_loses_clicks_and_says_so(dispatch, capsys):
    dispatcher = dispatch.module._the_dispatcher()
    del dispatcher._table["decisions"]
    assert dispatch(click())["statusCode"] == 503
    assert log_lines(capsys)[-1]["detail"] == "the commands table names no state machine for clicks"
