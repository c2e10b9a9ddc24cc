"""Other names of commands."""

import pytest

from chatops_runtime.dispatch.commands import resolved
from tests.runtime.conftest import MACHINES
from tests.runtime.slack_requests import form

ALIASES = {"/restart": "/ops restart", "/ops rs": "/ops restart", "/o": "/ops", "/help": "/guide help"}


@pytest.mark.parametrize(
    ("command", "text", "meant"),
    [
        ("/restart", "web now", ("/ops", "restart web now")),
        ("/restart", "", ("/ops", "restart")),
        ("/ops", "rs web", ("/ops", "restart web")),
        ("/ops", "rs", ("/ops", "restart")),
        ("/ops", "restart web", ("/ops", "restart web")),
        ("/ops", "rsx", ("/ops", "rsx")),
        ("/o", "restart  a  b", ("/ops", "restart  a  b")),
        ("/rs", "", ("/rs", "")),
    ],
)
def test_an_alias_stands_for_a_name(command, text, meant):
    assert resolved(ALIASES, command, text) == meant


@pytest.mark.parametrize(("command", "text"), [("/restart", "app"), ("/ops", "rs app"), ("/ops", "restart app")])
def test_however_it_is_called_it_is_the_same_command(dispatch, command, text):
    assert "Running `/ops restart`" in dispatch.message(form(command=command, text=text))["text"]
    (started,) = dispatch.started
    assert started["stateMachineArn"] == f"{MACHINES}Ops-Restart"
    assert started["input"]["command"] == "/ops restart"
    assert started["input"]["text"] == "app"


def test_an_alias_gives_nobody_a_right(dispatch):
    assert "`/here` was not run." in dispatch.message(form(command="/h"))["text"]
    assert dispatch.started == []
    assert [refusal["input"]["request"]["command"] for refusal in dispatch.refusals] == ["/here"]


def test_help_of_an_alias_begins_with_what_it_stands_for(dispatch):
    lines = dispatch.message(form(command="/restart", text="help"))["text"].splitlines()
    assert lines[0] == "*What you can run here*"
    assert lines[1].startswith("• `/ops restart ")


@pytest.mark.parametrize(
    ("command", "text", "first"),
    [
        ("/ops", "restrat web", "Unknown command `/ops restrat web`. Did you mean `/ops restart`?"),
        ("/relaese", "", "Unknown command `/relaese`. Did you mean `/release`?"),
        ("/zzz", "", "Unknown command `/zzz`."),
    ],
)
def test_a_slip_is_asked_about(dispatch, command, text, first):
    assert dispatch.message(form(command=command, text=text))["text"].splitlines()[0] == first
