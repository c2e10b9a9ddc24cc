"""Which entry of the table is meant, and how much time there is."""

import pytest

from chatops_runtime.dispatch.commands import asks_for_help, of_command, route
from chatops_runtime.dispatch.deadline import SECONDS, Deadline
from tests.runtime.slack_requests import Context

COMMANDS = dict.fromkeys(["/ps", "/ops restart", "/ops wipe", "/guide help", "/both", "/both sub"], None)


@pytest.mark.parametrize(
    ("command", "text", "routed"),
    [
        ("/ps", "", ("/ps", "")),
        ("/ps", "aux", ("/ps", "aux")),
        ("/ops", "restart", ("/ops restart", "")),
        ("/ops", "restart  a  b", ("/ops restart", "a  b")),
        ("/ops", "restarts", None),
        ("/ops", "Restart", None),
        ("/ops", "", None),
        ("/both", "sub x", ("/both sub", "x")),
        ("/both", "other x", ("/both", "other x")),
        ("/guide", "help me", ("/guide help", "me")),
        ("/nope", "", None),
        ("/p", "s", None),
    ],
)
def test_a_sub_command_comes_before_the_command(command, text, routed):
    assert route(COMMANDS, command, text) == routed  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("command", "text", "asks"),
    [
        ("/ps", "help", True),
        ("/ps", "Help", True),
        ("/ps", "help me", False),
        ("/ps", "", False),
        ("/ops", "", True),
        ("/ops", "wrong", False),
        ("/both", "", False),
        ("/guide", "help", False),
        ("/nope", "help", True),
        ("/nope", "", False),
    ],
)
def test_help_is_asked_for_in_so_many_words(command, text, asks):
    assert asks_for_help(COMMANDS, command, text) is asks  # type: ignore[arg-type]


def test_a_command_has_its_sub_commands():
    assert of_command(COMMANDS, "/both") == ["/both", "/both sub"]  # type: ignore[arg-type]
    assert of_command(COMMANDS, "/o") == []  # type: ignore[arg-type]


def test_a_deadline_is_slacks_or_the_functions():
    assert SECONDS - 1 < Deadline.of_invocation(Context(remaining=10_000)).left() <= SECONDS
    assert Deadline.of_invocation(Context(remaining=1_000)).left() <= 0.8


def test_a_timeout_is_what_is_left_and_never_nothing():
    now = [100.0]
    deadline = Deadline(2.0, clock=lambda: now[0])
    assert (deadline.at_most(1.2), deadline.at_most(5)) == (1.2, 2.0)
    now[0] = 101.5
    assert deadline.at_most(1.2) == 0.5
    now[0] = 200.0
    assert deadline.left() < 0 < deadline.at_most(1.2)
