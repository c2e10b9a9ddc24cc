"""The dispatch function from Lambda's event to its answer, with AWS as a double over HTTP."""

import hashlib
import json
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.runtime.conftest import MACHINES, Dispatch
from tests.runtime.slack_requests import RESPONSE_URL, TEAM, form, signed


def test_a_command_starts_its_machine_and_is_acknowledged(dispatch):
    body = form()
    name = hashlib.sha256(body).hexdigest()

    assert dispatch.message(body) == {"response_type": "in_channel", "text": f"Running `/ps` … (id `{name[:10]}`)"}

    (raw,) = dispatch.aws.called("StartExecution")
    keys = list(json.loads(raw["input"]))
    assert keys == sorted(keys)  # the text must not depend on the order in which a version of the code puts it together
    (started,) = dispatch.started
    assert started["stateMachineArn"] == f"{MACHINES}Ops-Ps"
    assert started["name"] == name
    environment = started["input"].pop("script_environment")
    assert started["input"] == {
        "version": 1,
        "command": "/ps",
        "text": "",
        "arguments": {},
        "source": "typed",
        "team_id": TEAM,
        "channel_id": "C0123OPS",
        "channel_name": "ops",
        "user_id": "U0123TARO",
        "user_name": "taro",
        "response_url": RESPONSE_URL,
        "visible": "channel",
    }
    assert environment


def test_the_scripts_environment_is_read_by_a_plain_shell(dispatch):
    text = 're\'start "$HOME" `id` $(id) $$ {{ x }} {{ssm:/prod/db}} \\n 再起動 🚀 100% +1'
    body = form(command="/say", text=text)
    dispatch(body)
    encoded = dispatch.started[0]["input"]["script_environment"]
    assert set(encoded) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=")
    # The decoder that the contract describes: lines of NAME=base64, base64-encoded once more.
    decoder = (
        'for line in $(printf %s "$1" | base64 -d); do '
        'printf "%s=%s|" "${line%%=*}" "$(printf %s "${line#*=}" | base64 -d)"; done'
    )
    decoded = subprocess.run(["/bin/sh", "-c", decoder, "sh", encoded], check=True, capture_output=True).stdout.decode()
    assert dict(pair.split("=", 1) for pair in decoded.rstrip("|").split("|")) == {
        "CHATOPS_COMMAND": "/say",
        "CHATOPS_TEXT": text,
        "CHATOPS_USER_ID": "U0123TARO",
        "CHATOPS_USER_NAME": "taro",
        "CHATOPS_CHANNEL_ID": "C0123OPS",
        "CHATOPS_CHANNEL_NAME": "ops",
        "CHATOPS_REQUEST_ID": hashlib.sha256(body).hexdigest(),
    }


def test_visible_to_the_user_is_acknowledged_to_the_user(dispatch):
    assert dispatch.message(form(command="/say"))["response_type"] == "ephemeral"


def test_a_sub_command_is_routed_with_the_rest_of_the_text(dispatch):
    assert "Running `/ops restart`" in dispatch.message(form(command="/ops", text="restart  nginx now"))["text"]
    assert dispatch.started[0]["input"]["text"] == "nginx now"
    assert dispatch.started[0]["stateMachineArn"] == f"{MACHINES}Ops-Restart"


def test_an_ideographic_space_separates_words(dispatch):
    dispatch(form(command="/ops", text="restart　nginx"))
    assert dispatch.started[0]["input"]["text"] == "nginx"


@pytest.mark.parametrize("encoded", [True, False])
@pytest.mark.parametrize("text", ["a+b c", "100%", "再起動 🚀", "x=1&y=2", "'quotes' \"and\" <brackets>"])
def test_text_arrives_unharmed(dispatch, text, encoded):
    dispatch(form(command="/say", text=text), encoded=encoded)
    assert dispatch.started[0]["input"]["text"] == text


def test_header_names_are_case_insensitive(dispatch):
    body = form()
    headers = {name.title(): value for name, value in signed(body).items()}
    assert dispatch(body, headers)["statusCode"] == 200


def test_the_same_request_twenty_times_at_once_starts_one_execution(dispatch):
    """Each delivery in a process of its own, as far as its connections and its memory go."""
    body = form()
    with ThreadPoolExecutor(20) as pool:
        functions = [Dispatch(dispatch.aws) for _ in range(20)]
        answers = list(pool.map(lambda function: function(body), functions))
    assert {answer["body"] for answer in answers} == {answers[0]["body"]}
    assert len(dispatch.aws.executions) == 1


def test_the_same_body_signed_again_later_starts_nothing(dispatch):
    body = form()
    dispatch(body)
    dispatch.aws.closed.update(dispatch.aws.executions)
    message = dispatch.message(body)
    assert message["response_type"] == "ephemeral"
    assert "already received" in message["text"]
    assert hashlib.sha256(body).hexdigest()[:10] in message["text"]
    assert len(dispatch.aws.executions) == 1


def test_an_execution_that_runs_is_answered_like_the_one_that_started_it(dispatch):
    assert dispatch.message(form()) == dispatch.message(form())


def test_help_lists_what_this_user_may_run_here(dispatch):
    message = dispatch.message(form(text="help", channel_id="C0999"))
    assert message["response_type"] == "ephemeral"
    assert message["text"] == (
        "*What you can run here*\n"
        "• `/ps`  top processes\n"
        "• `/say &lt;text&gt;`  says &lt;something&gt;\n"
        "3 more are for other people or channels."
    )
    assert not dispatch.started


def test_help_for_a_group_says_who_may_run_the_rest_of_it(dispatch):
    for text in ("", "help", "HELP"):
        lines = dispatch.message(form(command="/ops", text=text))["text"].splitlines()
        assert lines[1] == "• `/ops restart SERVICE`  restarts a service"
        assert "`/ops wipe` is for <@U0BOSS>." in lines


def test_help_as_the_first_of_several_words_is_text(dispatch):
    dispatch(form(command="/say", text="help me"))
    assert dispatch.started[0]["input"]["text"] == "help me"


@pytest.mark.parametrize(
    ("command", "text", "shown"),
    [
        ("/nope", "secret words", "Unknown command `/nope`."),
        ("/ops", "destroy <!channel> `x`", "Unknown command `/ops destroy &lt;!channel&gt; ˋxˋ`."),
    ],
)
def test_an_unknown_command_is_answered_with_what_there_is(dispatch, command, text, shown):
    message = dispatch.message(form(command=command, text=text))
    assert message["response_type"] == "ephemeral"
    assert message["text"].startswith(shown)
    assert "`/ps`" in message["text"]
    assert not dispatch.started


@pytest.mark.parametrize(
    ("fields", "who"),
    [
        ({"command": "/ops", "text": "restart x", "channel_id": "C0999"}, "everybody in <#C0123OPS>, <#C0456ADM>"),
        ({"command": "/ops", "text": "wipe"}, "<@U0BOSS>"),
        ({"command": "/odd"}, "nobody: this endpoint does not know the rule `full_moon`"),
    ],
)
def test_who_is_not_allowed_learns_who_is(dispatch, fields, who):
    message = dispatch.message(form(**fields))
    assert message["response_type"] == "ephemeral"
    assert message["text"].endswith(f"was not run. It is for {who}.")
    assert not dispatch.started


@pytest.mark.parametrize(
    "fields",
    [{"text": "restart x", "channel_id": "C0456ADM"}, {"text": "wipe", "user_id": "U0BOSS", "channel_id": "C0999"}],
)
def test_who_is_allowed_may(dispatch, fields):
    assert "Running" in dispatch.message(form(command="/ops", **fields))["text"]


def test_text_for_a_command_without_any_is_answered_with_its_usage(dispatch):
    message = dispatch.message(form(text="aux"))
    assert message["text"] == "`/ps` takes nothing after it. Usage:\n• `/ps`  top processes"
    assert not dispatch.started


@pytest.mark.parametrize("text", ["x" * 40_000, '"' * 40_000, "再" * 12_000, "x" * 150_000])
def test_a_text_beyond_what_an_execution_takes_is_refused(dispatch, text):
    assert "too long" in dispatch.message(form(command="/say", text=text))["text"]
    assert not dispatch.started


@pytest.mark.parametrize("text", ["x" * 30_000, '"' * 25_000, "再" * 10_000])
def test_a_long_text_fits_into_the_event_about_its_execution(dispatch, text):
    """Step Functions leaves an input out of its events when it is above 248 KiB, escaped as it is there.

    https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
    """
    dispatch(form(command="/say", text=text))
    (raw,) = dispatch.aws.called("StartExecution")
    assert len(raw["input"].encode()) <= 100_000
    assert len(json.dumps(raw["input"], ensure_ascii=False).encode()) < 248 * 1024
