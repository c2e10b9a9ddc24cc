"""Slack is busy, away or does not let the app post, while somebody is asked: nobody waits for what nobody can see."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chatops_local.slack import Fault
from tests.end_to_end.approval.room import ADA, BEN, CHANNEL, SECONDS

if TYPE_CHECKING:
    from tests.end_to_end.approval.room import Room

POST, UPDATE = "chat.postMessage", "chat.update"
CARDS = frozenset({CHANNEL})


@pytest.mark.parametrize(
    ("code", "what_to_do"),
    [("not_in_channel", "Invite the app to that channel"), ("is_archived", "The channel is archived: name another")],
)
def test_a_card_that_can_never_be_posted_is_told_at_once_with_what_to_do(room: Room, code: str, what_to_do: str):
    room.cloud.slack.faults.inject(POST, Fault.refusal(code), among=CARDS)
    sent = room.type("/deploy")
    result = room.result(sent)
    assert f"The approval's card in {CHANNEL} could not be posted: {code}. {what_to_do}" in result
    assert "version" not in result
    assert room.status(sent).startswith("FAILED")


@pytest.mark.parametrize("fault", [Fault.status(503), Fault.status(429, retry_after=1), Fault.closed_connection()])
def test_a_card_comes_when_slack_is_back(room: Room, fault: Fault):
    room.cloud.slack.faults.inject(POST, fault, times=2, among=CARDS)
    sent = room.type("/deploy")
    room.click(room.card(sent), "Approve", ADA)
    assert "version one" in room.result(sent)


def test_a_question_goes_into_a_direct_message_when_the_response_url_is_over(room: Room):
    user = room.someone()
    room.cloud.slack.faults.inject("response_url", Fault.refusal("expired_url", status=404), among=frozenset({user}))
    sent = room.type("/serve", user)
    question = room.cloud.slack.wait_for(lambda message: message.channel == f"D{user[1:]}", SECONDS)
    assert "Which `service` for `/serve`?" in question.shown
    room.click(question, "Submit", user, selected="nginx")
    assert "serving nginx" in room.result(sent)
    assert room.cloud.slack.now(question).controls == []


def test_a_count_that_cannot_be_shown_ends_no_approval(room: Room):
    sent = room.type("/reboot")
    card = room.card(sent)
    room.cloud.slack.faults.inject(UPDATE, Fault.refusal("cant_update_message"), among=CARDS)
    room.click(card, "Approve", ADA)
    room.click(card, "Approve", BEN)
    assert "version one" in room.result(sent)
    assert "Approved" in room.shown(card, "Approved").shown


@pytest.mark.parametrize("fault", [Fault.status(503), Fault.refusal("message_not_found")])
def test_a_card_that_stays_as_it_is_keeps_nobody_from_the_result(room: Room, fault: Fault):
    sent = room.type("/deploy")
    card = room.card(sent)
    room.cloud.slack.faults.inject(UPDATE, fault, among=CARDS)
    room.click(card, "Approve", ADA)
    assert "version one" in room.result(sent)
    assert room.status(sent) == "SUCCEEDED"
