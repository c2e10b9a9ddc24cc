"""What was not typed is chosen from a menu, and what is drastic is confirmed; by nobody but who typed it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chatops_local.slack import NoSuchControlError

if TYPE_CHECKING:
    from tests.end_to_end.approval.room import Room


def test_a_choice_that_is_typed_is_not_asked_for(room: Room):
    assert "serving nginx" in room.result(room.type("/serve nginx"))


def test_a_choice_that_is_left_out_is_chosen_from_a_menu(room: Room):
    sent = room.type("/serve")
    question = room.question(sent)
    room.click(question, "Submit", sent.command.user_id, selected="app")
    assert "serving app" in room.result(sent)
    assert room.shown(question, "chose `app`").controls == []


def test_nothing_chosen_is_no_choice(room: Room):
    sent = room.type("/serve")
    question = room.question(sent)
    empty = room.click(question, "Submit", sent.command.user_id)
    assert "Choose something first" in room.told(empty)
    room.click(question, "Submit", sent.command.user_id, selected="nginx")
    assert "serving nginx" in room.result(sent)


def test_nobody_else_sees_the_menu(room: Room):
    sent = room.type("/serve")
    question = room.question(sent)
    with pytest.raises(NoSuchControlError):
        room.click(question, "Submit", room.someone(), selected="nginx")
    room.click(question, "Cancel", sent.command.user_id)
    assert "cancelled" in room.result(sent)


def test_some_of_the_instances_that_are_online_are_picked_by_name(room: Room):
    sent = room.type("/where")
    question = room.question(sent)
    (menu,) = (control for control in question.controls if control.is_menu)
    labels = [option["text"]["text"] for option in menu.options]
    assert [label.partition(" ")[0] for label in labels] == ["web-1", "web-2", "web-3"], "and none that is offline"
    room.click(question, "Submit", sent.command.user_id, selected=[labels[0], labels[2]])
    result = room.result(sent)
    assert "web-1" in result
    assert "web-3" in result
    assert "web-2" not in result


def test_over_a_hundred_instances_are_in_several_menus(room: Room):
    sent = room.type("/one-of-many")
    question = room.question(sent)
    menus = [control for control in question.controls if control.is_menu]
    assert [len(menu.options) for menu in menus] == [100, 5]
    last = menus[1].options[-1]
    both = {menus[0].action_id: menus[0].options[0]["value"], menus[1].action_id: last["value"]}
    too_many = room.click(question, "Submit", sent.command.user_id, selected=both)
    assert "choose one" in room.told(too_many)


def test_of_over_a_hundred_the_last_one_is_picked(room: Room):
    sent = room.type("/one-of-many")
    question = room.question(sent)
    last = [control for control in question.controls if control.is_menu][1].options[-1]
    room.click(question, "Submit", sent.command.user_id, selected=last["value"])
    assert last["text"]["text"].partition(" ")[0] in room.result(sent)


def test_what_is_meant_runs(room: Room):
    sent = room.type("/sure")
    question = room.question(sent, "chatops.confirm")
    room.click(question, "Run it", sent.command.user_id)
    assert "done" in room.result(sent)
    assert room.shown(question, "confirmed").controls == []


def test_what_is_not_meant_does_not_run(room: Room):
    sent = room.type("/sure")
    question = room.question(sent, "chatops.confirm")
    room.click(question, "Do not run it", sent.command.user_id)
    assert "was not run" in room.result(sent)
    assert room.shown(question, "called off").controls == []
    assert room.status(sent) == "FAILED ChatOps.Declined"
