"""Declared arguments on their way through dispatch."""

import base64

import pytest

from tests.runtime.arguments.declared import INJECTIONS
from tests.runtime.slack_requests import form


def variables(encoded: str) -> dict[str, str]:
    """What a script finds in its environment."""
    lines = base64.b64decode(encoded).decode().splitlines()
    pairs = (line.split("=", 1) for line in lines)
    return {name: base64.b64decode(value).decode() for name, value in pairs}


def of_the_user(encoded: str) -> dict[str, str]:
    return {name: value for name, value in variables(encoded).items() if not name.startswith("CHATOPS_")}


def test_typed_values_are_in_the_request_and_in_the_scripts_environment(dispatch):
    text = "restart nginx \u2014since 3h"
    assert "Running `/ops restart` …" in dispatch.message(form(command="/ops", text=text))["text"]
    request = dispatch.started[0]["input"]
    assert request["arguments"] == {"service": "nginx", "since": 10_800, "force": False}
    assert request["text"] == "nginx \u2014since 3h"
    assert request["source"] == "typed"
    found = variables(request["script_environment"])
    assert found["CHATOPS_TEXT"] == request["text"]
    expected = {"SERVICE": "nginx", "SINCE": "10800", "FORCE": "false"}
    assert of_the_user(request["script_environment"]) == expected


def test_a_choice_that_is_still_to_be_made_is_in_no_environment(dispatch):
    message = dispatch.message(form(command="/ops", text="restart --force"))
    assert message["text"].startswith("There is a question about `/ops restart` …")
    request = dispatch.started[0]["input"]
    assert request["arguments"] == {"service": None, "force": True}
    assert of_the_user(request["script_environment"]) == {"FORCE": "true"}


@pytest.mark.parametrize("injection", INJECTIONS)
def test_what_a_shell_would_act_on_arrives_byte_for_byte(dispatch, injection):
    dispatch(form(command="/note", text=f"a {injection} z"))
    (started,) = dispatch.started
    assert started["input"]["arguments"] == {"why": f"a {injection} z"}
    assert of_the_user(started["input"]["script_environment"]) == {"WHY": f"a {injection} z"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("restart ngnix", "it is one of `nginx`, `app`. Did you mean `nginx`?"),
        ("restart nginx --sins 3h", "There is no `--sins`. Did you mean `--since`?"),
        ("restart nginx 30d", "of at most 24h."),
        ("restart nginx 3h <!channel>", "`&lt;!channel&gt;` is one too many."),
    ],
)
def test_a_mistake_is_answered_at_once_with_the_usage(dispatch, text, said):
    message = dispatch.message(form(command="/ops", text=text))
    first, *rest = message["text"].splitlines()
    assert message["response_type"] == "ephemeral"
    assert first.startswith("`/ops restart` was not run. ")
    assert said in first
    assert rest == [
        "Usage:",
        "• `/ops restart &lt;nginx|app&gt; [--since 3h] [--force]`  does what Ops-Restart does",
        "      `service`  what &lt;it&gt; is",
    ]
    assert dispatch.started == dispatch.refusals == []


def test_help_about_a_command_tells_its_arguments(dispatch):
    lines = dispatch.message(form(command="/ops", text="help"))["text"].splitlines()
    assert lines[1].startswith(
        "• `/ops restart &lt;nginx|app&gt; [--since 3h] [--force]`, also `/ops rs`, `/restart`  "
    )
    assert lines[2] == "      `service`  what &lt;it&gt; is"


def test_what_is_missing_is_a_mistake(dispatch, capsys):
    assert "`why` is missing." in dispatch.message(form(command="/note"))["text"]
    assert '"outcome": "usage"' in capsys.readouterr().out


def test_the_same_request_has_the_same_input(dispatch):
    for _ in range(2):
        dispatch(form(command="/ops", text="restart app 3h"))
    first, second = dispatch.aws.called("StartExecution")
    assert first == second
