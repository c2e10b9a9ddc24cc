"""Somebody else agrees before a command runs: through real clicks, with the permissions of the template."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from tests.end_to_end.approval.room import ADA, BEN, CHANNEL, EVE

if TYPE_CHECKING:
    from tests.end_to_end.approval.room import Room


def test_what_an_approver_approves_runs(room: Room):
    sent = room.type("/deploy")
    card = room.card(sent)
    assert (card.channel, card.user) == (CHANNEL, None)
    assert room.click(card, "Approve", ADA).messages == [], "the card says it"
    assert "version one" in room.result(sent)
    assert "Approved" in room.shown(card, ADA).shown
    assert room.cloud.slack.now(card).controls == []
    assert room.status(sent) == "SUCCEEDED"


def test_what_an_approver_denies_does_not_run(room: Room):
    sent = room.type("/deploy")
    card = room.card(sent)
    room.click(card, "Deny", BEN)
    assert "denied" in room.result(sent)
    assert room.shown(card, "Denied").controls == []
    assert room.status(sent) == "FAILED ChatOps.Declined"


def test_who_asked_for_it_can_withdraw_it_but_not_approve_it(room: Room):
    sent = room.type("/deploy", ADA)
    card = room.card(sent)
    refused = room.click(card, "Approve", ADA)
    assert "yourself" in room.told(refused)
    assert room.status(sent) == "RUNNING"
    room.click(card, "Deny", ADA)
    assert "cancelled" in room.result(sent)
    assert room.shown(card, "Cancelled").controls == []


@pytest.mark.parametrize("control", ["Approve", "Deny"])
def test_a_stranger_is_refused_privately_and_the_wait_goes_on(room: Room, control: str):
    sent = room.type("/deploy")
    card = room.card(sent)
    refused = room.click(card, control, EVE)
    assert "You may not decide" in room.told(refused)
    assert room.status(sent) == "RUNNING"
    assert room.cloud.slack.now(card).shown == card.shown
    room.click(card, "Approve", ADA)
    assert "version one" in room.result(sent)


def test_somebody_of_another_workspace_decides_nothing_in_a_shared_channel(room: Room):
    sent = room.type("/reboot")
    card = room.card(sent)
    refused = room.click(card, "Approve", EVE, team="T0FOREIGN")
    assert "own workspace" in room.told(refused)
    assert room.cloud.slack.now(card).shown == card.shown
    room.click(card, "Deny", BEN)
    assert "denied" in room.result(sent)


def test_it_expires(room: Room):
    sent = room.type("/hurry")
    card = room.card(sent)
    click = room.click(card, "Approve", EVE)
    assert "no answer in time" in room.result(sent)
    assert room.status(sent) == "FAILED ChatOps.Declined"
    assert room.shown(card, "Expired").controls == []
    assert "nobody answered in time" in room.forge(click, user=ADA)


def test_two_have_to_approve_and_one_of_them_twice_is_not_two(room: Room):
    sent = room.type("/reboot")
    card = room.card(sent)
    room.click(card, "Approve", ADA)
    room.shown(card, "1 of 2")
    again = room.click(card, "Approve", ADA)
    assert "counts already" in room.told(again)
    assert room.status(sent) == "RUNNING"
    room.click(card, "Approve", BEN)
    assert "version one" in room.result(sent)
    assert room.shown(card, "Approved").controls == []


def test_two_at_once_are_two(room: Room):
    sent = room.type("/reboot")
    card = room.card(sent)
    with ThreadPoolExecutor(2) as people:
        list(people.map(lambda user: room.click(card, "Approve", user), (ADA, BEN)))
    assert "version one" in room.result(sent)
    assert "by @U0ADA, @U0BEN" in (shown := room.shown(card, "Approved").shown) or "by @U0BEN, @U0ADA" in shown


def test_of_two_who_disagree_at_once_one_is_told_what_the_other_decided(room: Room):
    sent = room.type("/deploy")
    card = room.card(sent)
    with ThreadPoolExecutor(2) as people:
        clicks = list(people.map(lambda click: room.click(card, *click), (("Approve", ADA), ("Deny", BEN))))
    told = [room.told(click) for click in clicks if click.messages]
    assert len(told) == 1
    if "denied by" in told[0]:
        assert "denied" in room.result(sent)
    else:
        assert "approved by" in told[0]
        assert "version one" in room.result(sent)


def test_a_click_that_is_delivered_twice_counts_once(room: Room):
    sent = room.type("/reboot")
    card = room.card(sent)
    click = room.click(card, "Approve", ADA)
    assert room.cloud.slack.deliver(click.request, endpoint=click.endpoint).status == 200
    room.shown(card, "1 of 2")
    assert len(room.cloud.executions_of(click)) == 1
    room.click(card, "Deny", BEN)
    assert "denied" in room.result(sent)


def test_nothing_secret_is_in_any_log_of_a_function(room: Room):
    sent = room.type("/deploy")
    card = room.card(sent)
    room.click(card, "Approve", EVE)
    approved = room.click(card, "Approve", ADA)
    room.result(sent)
    handle = card.controls[0].element["value"]
    token = room.token(sent)
    assert len(token) == 2048
    logged = "\n".join(line.message for line in room.cloud.server.function_logs())
    assert room.name(sent) in logged
    secrets = [token, handle.rpartition(":")[2], sent.response_url, approved.response_url]
    assert not [secret for secret in secrets if secret in logged]
