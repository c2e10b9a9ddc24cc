"""Confirmations and menus: for nobody but who typed the command, and for what is offered."""

from __future__ import annotations

from base64 import b64decode
from typing import Any

import pytest

from tests.runtime.decide.clicks import (
    APPROVAL,
    CHOICE,
    CONFIRM,
    INSTANCES,
    NAME,
    REQUESTER,
    asked,
)
from tests.runtime.decide.step_functions_double import EXECUTION


def environment(answer: dict[str, Any]) -> dict[str, str]:
    lines = b64decode(answer["script_environment"]).decode().splitlines()
    return {name: b64decode(value).decode() for name, _, value in (line.partition("=") for line in lines)}


@pytest.mark.parametrize(("action", "decision"), [("confirm", "confirmed"), ("decline", "declined")])
def test_who_asked_for_it_confirms_it_and_the_message_gives_way(desk, action, decision):
    execution = asked(desk, CONFIRM)
    outcome = desk.outcome(action)
    assert (outcome.name, outcome.replaces) == (decision, True)
    assert f"<@{REQUESTER}>" in outcome.text
    assert execution.answers == [{"kind": "confirm", "decision": decision, "by": REQUESTER}]


@pytest.mark.parametrize(
    ("question", "action", "selected"),
    [(CONFIRM, "confirm", []), (CONFIRM, "decline", []), (CHOICE, "submit", ["nginx"]), (INSTANCES, "submit", ["i-1"])],
)
def test_nobody_else_confirms_or_chooses(desk, question, action, selected):
    execution = asked(desk, question)
    outcome = desk.outcome(action, "U0ADA", selected=selected)
    assert (outcome.name, outcome.replaces) == ("not_allowed", False)
    assert f"<@{REQUESTER}>" in outcome.text
    assert execution.answers == []


def test_a_choice_completes_the_arguments_and_the_environment_of_scripts(desk):
    execution = asked(desk, CHOICE)
    outcome = desk.outcome("submit", selected=["app"])
    assert (outcome.name, outcome.text, outcome.replaces) == (
        "chosen",
        f"{NAME}: <@{REQUESTER}> chose `the app`.",
        True,
    )
    (answer,) = execution.answers
    assert answer["arguments"] == {"service": "app", "force": False, "reason": "canary-argument"}
    assert {name: value for name, value in environment(answer).items() if not name.startswith("CHATOPS_")} == {
        "SERVICE": "app",
        "FORCE": "false",
        "REASON": "canary-argument",
    }
    assert environment(answer)["CHATOPS_REQUEST_ID"] == EXECUTION


def test_instances_are_chosen_from_several_menus(desk):
    execution = asked(desk, INSTANCES)
    selected = [f"i-{1:017x}", f"i-{140:017x}"]
    outcome = desk.outcome("submit", selected=selected)
    assert outcome.text == f"{NAME}: <@{REQUESTER}> chose `web-1`, `web-140`."
    assert execution.answers == [
        {"kind": "instances", "decision": "chosen", "by": REQUESTER, "values": selected},
    ]


@pytest.mark.parametrize(
    ("question", "selected", "words"),
    [
        (CHOICE, [], "Choose something"),
        (CHOICE, ["nginx", "app"], "choose one"),
        (CHOICE, ["; rm -rf /"], "not offered"),
        (INSTANCES, [], "Choose something"),
        (INSTANCES, [f"i-{each:017x}" for each in range(3)], "2 at most"),
        (INSTANCES, ["i-0fffffffffffffff0"], "not offered"),
    ],
)
def test_what_is_no_choice_leaves_the_question_open(desk, question, selected, words):
    execution = asked(desk, question)
    outcome = desk.outcome("submit", selected=selected)
    assert (outcome.name, outcome.replaces) == ("unfit", False)
    assert words in outcome.text
    assert execution.answers == []


def test_menus_that_are_no_longer_open_give_way(desk):
    execution = asked(desk, CHOICE)
    execution.expire()
    outcome = desk.outcome("submit", selected=["nginx"])
    assert (outcome.name, outcome.replaces) == ("expired", True)
    assert not desk.outcome("submit", "U0ADA", selected=["nginx"]).replaces, "for nobody but whose they are"


@pytest.mark.parametrize(
    ("question", "action", "goes_on"),
    [
        (APPROVAL, "approve", False),
        (APPROVAL, "deny", True),
        (CONFIRM, "confirm", False),
        (CONFIRM, "decline", True),
        (CHOICE, "submit", False),
        (INSTANCES, "submit", False),
    ],
)
def test_while_commands_are_switched_off_nothing_is_let_go_on(desk, question, action, goes_on):
    execution = asked(desk, question)
    user_id = "U0ADA" if question is APPROVAL else REQUESTER
    outcome = desk.outcome(action, user_id, selected=["nginx"], switched_off="Commands are switched off: fire.")
    assert bool(execution.answers) is goes_on
    if not goes_on:
        assert (outcome.name, outcome.text) == ("switched_off", "Commands are switched off: fire.")
