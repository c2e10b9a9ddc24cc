"""Controls of the user's own, shortcuts and modals: handed to what answers them, with Slack answered at once."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from chatops_runtime.dispatch.interactions import route
from tests.runtime.aws_double import SWITCH_PARAMETER
from tests.runtime.conftest import MACHINES, Dispatch, log_lines
from tests.runtime.slack_clicks import ACTIONS_URL, interaction, payload
from tests.runtime.slack_requests import APP, SECRET, TEAM, signed

EMPTY = {"statusCode": 200, "headers": {"content-type": "text/plain; charset=utf-8"}, "body": ""}
APP_ACTIONS_URL = ACTIONS_URL.replace("/actions/", "/app-actions/")
TARO = {"id": "U0123TARO", "username": "taro", "team_id": TEAM}


def shortcut(callback_id: str = "page", **fields: Any) -> dict[str, Any]:
    """https://docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload"""
    return {
        "type": "shortcut",
        "token": "canary-verification-token",
        "action_ts": "1763773430.000100",
        "team": {"id": TEAM, "domain": "example"},
        "user": TARO,
        "is_enterprise_install": False,
        "enterprise": None,
        "callback_id": callback_id,
        "trigger_id": "1.2.canary-trigger",
        **fields,
    }


def message_shortcut(callback_id: str = "ticket", **fields: Any) -> dict[str, Any]:
    return shortcut(
        callback_id,
        **{
            "type": "message_action",
            "response_url": APP_ACTIONS_URL,
            "channel": {"id": "C0123OPS", "name": "ops"},
            "message": {"type": "message", "text": "it is broken", "ts": "1.2", "thread_ts": "1763773400.000001"},
            **fields,
        },
    )


def view_submission(callback_id: str = "form", **fields: Any) -> dict[str, Any]:
    """https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload"""
    view = {"id": "V1", "type": "modal", "callback_id": callback_id, "state": {"values": {}}}
    return shortcut(**{"type": "view_submission", "api_app_id": APP, "view": view, "response_urls": [], **fields})


def started(dispatch: Dispatch, content: dict[str, Any]) -> dict[str, Any]:
    """The one execution that it starts."""
    assert dispatch(interaction(content)) == EMPTY
    assert dispatch.decided == []
    (execution,) = dispatch.started
    return execution


def ignored(dispatch: Dispatch, capsys: pytest.CaptureFixture[str], content: dict[str, Any]) -> bool:
    """Whether it starts nothing, and the log says so."""
    assert dispatch(interaction(content)) == EMPTY
    (line,) = log_lines(capsys)
    return not dispatch.aws.called("StartExecution") and line["outcome"] == "ignored_click"


def test_a_click_on_the_users_own_button_starts_its_machine(dispatch):
    clicked = payload("deploy_now", "web")
    execution = started(dispatch, clicked)
    assert execution["stateMachineArn"] == f"{MACHINES}Ops-OnDeployNow"
    assert execution["name"] == hashlib.sha256(interaction(clicked)).hexdigest()
    secret = ("token", "response_url", "trigger_id")
    assert execution["input"] == {
        "version": 1,
        "command": "block_actions:deploy_now",
        "text": "",
        "arguments": {},
        "source": "interaction",
        "team_id": TEAM,
        "channel_id": "C0123OPS",
        "channel_name": "ops",
        "user_id": "U0123TARO",
        "user_name": "taro",
        "response_url": ACTIONS_URL,
        "visible": "user",
        "script_environment": "",
        "thread_ts": "",
        "occurrence": {
            "type": "block_actions",
            "id": "deploy_now",
            "value": "web",
            "payload": {name: value for name, value in clicked.items() if name not in secret},
        },
    }


@pytest.mark.parametrize(
    ("content", "machine", "channel", "url", "thread"),
    [
        (shortcut(), "Ops-OnPage", "", "", ""),
        (message_shortcut(), "Ops-OnTicket", "C0123OPS", APP_ACTIONS_URL, "1763773400.000001"),
        (view_submission(), "Ops-OnForm", "", "", ""),
        (
            payload("deploy_now", container={"type": "view", "view_id": "V1"}, channel=None, response_url=None),
            *("Ops-OnDeployNow", "", "", ""),
        ),
    ],
)
def test_each_type_has_what_slack_says_of_it(dispatch, content, machine, channel, url, thread):
    execution = started(dispatch, content)
    request = execution["input"]
    assert execution["stateMachineArn"] == f"{MACHINES}{machine}"
    assert (request["channel_id"], request["response_url"], request["thread_ts"]) == (channel, url, thread)


@pytest.mark.parametrize(
    ("action_id", "key"),
    [
        ("deploy_now", "block_actions:deploy_now"),
        ("deploy_later", "block_actions:deploy_*"),
        ("deploy_", "block_actions:deploy_*"),
        ("deploy_old_web", "block_actions:deploy_old_*"),
        ("deploy", None),
        ("chatops.menu.0", None),
        ("page", None),
    ],
)
def test_an_id_is_answered_by_its_own_or_its_longest_beginning(dispatch, capsys, action_id, key):
    if key is None:
        assert ignored(dispatch, capsys, payload(action_id))
    else:
        assert started(dispatch, payload(action_id))["input"]["command"] == key


def test_a_prefix_of_everything_is_not_of_our_own_controls(dispatch):
    assert route({"block_actions:*": {}}, "block_actions", "anything") == "block_actions:*"
    assert route({"block_actions:*": {}}, "shortcut", "anything") is None


@pytest.mark.parametrize(
    ("action", "value"),
    [
        ({"type": "button", "value": "web"}, "web"),
        ({"type": "static_select", "selected_option": {"value": "web"}}, "web"),
        ({"type": "users_select", "selected_user": "U0BOSS"}, "U0BOSS"),
        ({"type": "datepicker", "selected_date": "2026-11-22"}, "2026-11-22"),
        ({"type": "checkboxes", "selected_options": [{"value": "a"}, {"value": "b"}]}, ""),
        ({"type": "static_select", "selected_option": None}, ""),
    ],
)
def test_the_value_is_the_one_thing_that_was_chosen(dispatch, action, value):
    content = payload(actions=[{"action_id": "deploy_now", **action}])
    assert started(dispatch, content)["input"]["occurrence"]["value"] == value


@pytest.mark.parametrize(
    "content", [shortcut(type="view_closed"), shortcut(type="block_suggestion"), shortcut("other")]
)
def test_what_nothing_answers_is_ignored(dispatch, capsys, content):
    assert ignored(dispatch, capsys, {**content, "api_app_id": APP})


class TestRefusals:
    def test_who_may_not_is_told_and_it_is_written_down(self, dispatch):
        content = payload("boss")
        assert dispatch(interaction(content)) == EMPTY
        assert dispatch.started == []
        (refusal,) = dispatch.refusals
        (said,) = dispatch.decided
        assert refusal["input"]["reason"] == "not_allowed"
        assert (said["input"]["kind"], said["input"]["response_url"]) == ("say", ACTIONS_URL)
        assert "`block_actions:boss` was not run. It is for" in said["input"]["text"]

    @pytest.mark.parametrize(
        ("switch", "callback_id", "says"),
        [
            ("on", "boss", "`view_submission:boss` was not run. It is for"),
            ("off for repairs", "form", "Commands are switched off: for repairs"),
        ],
    )
    def test_in_a_modal_it_is_said_there(self, dispatch_environment, switch, callback_id, says):
        dispatch_environment.put(SWITCH_PARAMETER, switch)
        dispatch = Dispatch(dispatch_environment)
        answer = dispatch(interaction(view_submission(callback_id)))
        assert answer["statusCode"] == 200
        shown = json.loads(answer["body"])
        assert shown["response_action"] == "update"
        assert says in shown["view"]["blocks"][0]["text"]["text"]
        assert dispatch.started == []
        assert len(dispatch.refusals) == 1

    def test_without_a_way_to_tell_it_is_written_down(self, dispatch):
        assert dispatch(interaction(shortcut("boss"))) == EMPTY
        assert dispatch.started + dispatch.decided == []
        assert len(dispatch.refusals) == 1

    def test_people_of_other_workspaces_may_nothing(self, dispatch):
        stranger = {**TARO, "team_id": "T0OTHER"}
        dispatch(interaction(payload("deploy_now", user=stranger)))
        assert dispatch.started == []
        assert "members of this workspace" in dispatch.decided[0]["input"]["text"]

    def test_whose_workspace_is_not_said_is_ours_where_slack_offers_it_to_ours_only(self, dispatch):
        unsaid = {"id": "U0123TARO", "name": "taro"}
        assert started(dispatch, message_shortcut(user=unsaid))["input"]["user_name"] == "taro"
        dispatch.aws.calls.clear()
        dispatch(interaction(payload("deploy_now", user=unsaid)))
        assert dispatch.started == []

    def test_the_off_switch_is_told(self, dispatch_environment):
        dispatch_environment.put(SWITCH_PARAMETER, "off for repairs")
        dispatch = Dispatch(dispatch_environment)
        dispatch(interaction(payload("deploy_now")))
        assert dispatch.started == []
        assert dispatch.decided[0]["input"]["text"].endswith("Commands are switched off: for repairs")
        assert dispatch.refusals[0]["input"]["reason"] == "switched_off"

    @pytest.mark.parametrize(
        ("content", "outcome"),
        [
            (
                payload("deploy_now", response_url="https://evil.example/actions/T0123ABCD/1/x"),
                "response_url_of_another_host",
            ),
            (payload("deploy_now", api_app_id="A0OTHER"), "another_app"),
            (shortcut(team={"id": "T0OTHER"}), "another_team"),
            (payload("deploy_now", message={"text": "x" * 200_000}), "occurrence_too_large"),
            (payload("deploy_now", message={"text": "\ud800"}), "payload_malformed"),
            (payload("deploy_now", channel="C0123OPS"), "field_malformed: channel"),
        ],
    )
    def test_what_is_not_as_slack_sends_it_is_refused(self, dispatch, capsys, content, outcome):
        assert dispatch(interaction(content))["statusCode"] in {400, 403, 413}
        assert dispatch.aws.called("StartExecution") == []
        assert [line["outcome"] for line in log_lines(capsys)] == [outcome]

    def test_what_could_not_be_started_shows_at_the_control(self, dispatch):
        dispatch.aws.failures = [(400, "AccessDeniedException")]
        assert dispatch(interaction(payload("deploy_now")))["statusCode"] == 503

    def test_nobody_else_can_send_one(self, dispatch):
        body = interaction(shortcut())
        assert dispatch(body, signed(body, secret="f" * 32))["statusCode"] == 401


def test_the_log_has_what_was_done_and_no_secret(dispatch, capsys):
    dispatch(interaction(payload("deploy_now", "web")))
    (line,) = log_lines(capsys)
    told = ("outcome", "team_id", "channel_id", "user_id", "command")
    assert [line[name] for name in told] == ["started", TEAM, "C0123OPS", "U0123TARO", "block_actions:deploy_now"]
    assert not [secret for secret in ("canary", SECRET, "hooks.slack") if secret in json.dumps(line)]
