"""Two endpoints side by side, for two workspaces: what is of the one is nothing to the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.end_to_end.approval.room import ADA, BEN, EVE, HERE, NEXT_DOOR

if TYPE_CHECKING:
    from tests.end_to_end.approval.room import Room


def test_a_card_of_the_one_is_nothing_to_the_other(room: Room):
    ours, theirs = room.type("/deploy"), room.type("/deploy", endpoint=NEXT_DOOR)
    our_card, their_card = room.card(ours), room.card(theirs)
    lost = room.click(our_card, "Approve", ADA, endpoint=NEXT_DOOR)
    assert "belongs to no command" in room.told(lost)
    lost = room.click(their_card, "Approve", BEN, endpoint=HERE)
    assert "belongs to no command" in room.told(lost)
    assert room.status(ours) == room.status(theirs) == "RUNNING"
    room.click(our_card, "Approve", ADA)
    room.click(their_card, "Deny", BEN)
    assert "version one" in room.result(ours)
    assert "denied" in room.result(theirs)


def test_the_handle_of_one_execution_with_the_nonce_of_another_is_nothing(room: Room):
    first, second = room.type("/deploy"), room.type("/deploy")
    cards = room.card(first), room.card(second)
    handles = [card.controls[0].element["value"] for card in cards]
    mixed = handles[0].rpartition(":")[0] + ":" + handles[1].rpartition(":")[2]
    click = room.click(cards[0], "Approve", EVE)
    assert "belongs to no command" in room.forge(click, user=ADA, value=mixed)
    assert room.status(first) == room.status(second) == "RUNNING"
    for sent, card in zip((first, second), cards, strict=True):
        room.click(card, "Deny", BEN)
        assert "denied" in room.result(sent)


def test_decide_touches_executions_of_its_own_endpoint_only(room: Room):
    """Whatever was tried in this cloud, next door as well."""
    for endpoint in (HERE, NEXT_DOOR):
        sent = room.type("/deploy", endpoint=endpoint)
        room.click(room.card(sent), "Deny", BEN)
        assert "denied" in room.result(sent)
    actions = {"states:SendTaskSuccess", "states:StopExecution", "states:GetExecutionHistory"}
    asked = [each for each in room.cloud.server.decisions() if each.action in actions and "Decide" in each.principal]
    assert {"Neighbours" in decision.principal for decision in asked} == {True, False}
    for decision in asked:
        of_neighbours = "Neighbours" in decision.principal
        assert ("Neighbours" in decision.resource) is of_neighbours, decision
