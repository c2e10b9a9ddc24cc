"""Clicks while something else is the matter: Slack is away, or commands are switched off."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from chatops_local.slack import Fault
from tests.end_to_end.approval.room import ADA, BEN, EVE, HERE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.end_to_end.approval.room import Room

NEXT_READING = timedelta(seconds=61)
"""Until dispatch reads the off-switch again, and decide the user groups."""


@pytest.fixture
def switched_off(room: Room) -> Iterator[Room]:
    """The room, of which commands can be switched off, and are on again afterwards."""
    yield room
    switch(room, "on")


def switch(room: Room, value: str) -> None:
    functions = room.cloud.server.client("lambda").list_functions()["Functions"]
    variables = [function.get("Environment", {}).get("Variables", {}) for function in functions]
    (dispatch,) = (each for each in variables if each.get("CHATOPS_APP_ID") == HERE)
    parameter = dispatch["CHATOPS_OFF_SWITCH_PARAMETER"]
    room.cloud.server.client("ssm").put_parameter(Name=parameter, Value=value, Overwrite=True)
    room.cloud.advance(by=NEXT_READING)


def test_who_clicked_is_told_when_slack_is_back(room: Room):
    sent = room.type("/deploy")
    card = room.card(sent)
    room.cloud.slack.faults.inject("response_url", Fault.status(503), times=2, among=frozenset({EVE}))
    refused = room.click(card, "Approve", EVE)
    assert "You may not decide" in room.told(refused)
    room.click(card, "Deny", BEN)
    assert "denied" in room.result(sent)


def test_a_choice_of_which_slack_could_not_be_told_counts_once(room: Room):
    sent = room.type("/serve")
    question = room.question(sent)
    user = sent.command.user_id
    room.cloud.slack.faults.inject("response_url", Fault.closed_connection(), times=1, among=frozenset({user}))
    room.click(question, "Submit", user, selected="app")
    assert "serving app" in room.result(sent)
    assert room.shown(question, "chose `app`").controls == []
    assert len(room.answers(sent)) == 1


def test_a_function_that_dies_with_its_work_done_finds_it_done(room: Room):
    sent = room.type("/reboot")
    card = room.card(sent)
    room.cloud.server.functions.lose_answer(room.decide)
    click = room.click(card, "Approve", ADA)
    assert "counts already" in room.told(click)
    room.shown(card, "1 of 2")
    room.click(card, "Approve", BEN)
    assert "version one" in room.result(sent)
    assert [answer["by"] for answer in room.answers(sent)] == [ADA, BEN]


def test_a_function_that_dies_before_its_work_does_it_then(room: Room):
    sent = room.type("/serve")
    question = room.question(sent)
    room.cloud.server.functions.crash(room.decide)
    room.click(question, "Submit", sent.command.user_id, selected="app")
    assert "serving app" in room.result(sent)
    assert len(room.answers(sent)) == 1


def test_an_answer_that_step_functions_took_and_did_not_confirm_is_not_given_twice(room: Room):
    sent = room.type("/sure")
    question = room.question(sent, "chatops.confirm")
    room.cloud.server.step_functions.lose_answer("SendTaskSuccess")
    room.click(question, "Run it", sent.command.user_id)
    assert room.shown(question, "confirmed").controls == []
    assert "done" in room.result(sent)
    assert len(room.answers(sent)) == 1


def test_while_commands_are_switched_off_nothing_is_approved(switched_off: Room):
    room = switched_off
    sent = room.type("/deploy")
    card = room.card(sent)
    switch(room, "off the data centre is on fire")
    refused = room.click(card, "Approve", ADA)
    assert "the data centre is on fire" in room.told(refused)
    assert room.status(sent) == "RUNNING"
    room.click(card, "Deny", BEN)
    assert "denied" in room.result(sent)
