"""Interactions that Slack signed, with hostile contents: answered with a 4xx or ignored, whatever is in them."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.hostile import ANY_JSON, ANY_TEXT
from tests.runtime.conftest import log_lines
from tests.runtime.slack_clicks import ACTIONS_URL, click, interaction, payload

UNTIMED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"payload=", "payload_malformed"),
        (b"payload=%7B", "payload_malformed"),
        (b"payload=null", "payload_malformed"),
        (b"payload=[]", "payload_malformed"),
        (b"payload=1", "payload_malformed"),
        (b"payload=%ff", "payload_malformed"),
        (b"payload=" + b"[" * 100_000, "payload_malformed"),
        (b"payload=%7B%22a%22%3A" * 10_000, "payload_malformed"),
        (click() + b"&payload=%7B%7D", "payload_malformed"),
        (click() + b"&command=/ops", "payload_malformed"),
        (interaction({}), "field_missing: id"),
        (interaction({"user": []}), "field_malformed: user"),
        (click(user={"id": "<@U1>", "team_id": "T0123ABCD"}), "field_malformed: id"),
        (click(user={"id": "U1\n", "team_id": "T0123ABCD"}), "field_malformed: id"),
        (click(api_app_id=None), "field_missing: api_app_id"),
        (click(api_app_id=7), "field_malformed: api_app_id"),
        (click(response_url=None), "field_missing: response_url"),
        (click(response_url=[ACTIONS_URL]), "field_malformed: response_url"),
        (click(channel=None, container={"type": "message", "message_ts": "1.1"}), "field_missing: id"),
        (click(container={"type": "message", "message_ts": "1", "channel_id": "C1"}), "field_malformed: message_ts"),
        (click(container={"type": "message", "channel_id": "C1"}), "field_malformed: message_ts"),
        (click(actions={}), "field_malformed: actions"),
        (click(actions=[None]), "field_malformed: actions"),
        (click(value="x" * 2001), "field_malformed: value"),
        (click(value="v1:\ud800:x:"), "field_malformed: value"),
        (click(value="v1:\0:x:"), "field_malformed: value"),
        (click(state=[]), "field_malformed: state"),
        (click(state={"values": {"b": []}}), "field_malformed: values"),
        (
            click(state={"values": {"b": {"chatops.menu.0": {"selected_options": {}}}}}),
            "field_malformed: selected_options",
        ),
    ],
)
def test_what_is_malformed_is_refused_and_nothing_of_it_repeated(dispatch, capsys, body, reason):
    answer = dispatch(body)
    assert (answer["statusCode"], answer["body"]) == (400, "Bad Request")
    assert log_lines(capsys)[-1]["outcome"] == reason
    assert dispatch.aws.called("StartExecution") == []


def test_what_is_too_large_for_an_execution_is_refused(dispatch):
    options = [{"value": "\U0001f680" * 150} for _ in range(200)]
    state = {"values": {"b": {"chatops.menu.0": {"selected_options": options}}}}
    assert dispatch(click("chatops.submit", state=state))["statusCode"] == 413


def paths(value: Any, before: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to each part of a payload."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [before, *(path for key, part in items for path in paths(part, (*before, key)))]


def replaced(path: tuple[Any, ...], part: object) -> object:
    content: Any = payload(
        "chatops.submit", state={"values": {"b": {"chatops.menu.0": {"selected_option": {"value": "x"}}}}}
    )
    if not path:
        return part
    holder = content
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = part
    return content


ALL_PATHS = paths(replaced(("type",), "block_actions"))


@UNTIMED
@given(st.sampled_from(ALL_PATHS), ANY_JSON | ANY_TEXT | st.sampled_from(["chatops.run", "chatops.menu.1", "/ops"]))
def test_whatever_stands_in_one_place(dispatch, path, part):
    content = replaced(path, part)
    dispatch.aws.calls.clear()
    answer = dispatch(interaction(content))
    assert answer["statusCode"] in {200, 400, 403, 413}
    assert answer["body"] in {"", "Bad Request", "Forbidden", "Content Too Large"}
    for started in dispatch.aws.called("StartExecution"):
        json.loads(started["input"])
        assert started["stateMachineArn"].endswith((":Decisions", ":Ops-Restart"))


@UNTIMED
@given(st.text(max_size=50) | ANY_JSON.map(json.dumps))
def test_whatever_the_payload_is(dispatch, text):
    dispatch.aws.calls.clear()
    assert dispatch(urlencode({"payload": text}).encode())["statusCode"] == 400
    assert dispatch.aws.called("StartExecution") == []
