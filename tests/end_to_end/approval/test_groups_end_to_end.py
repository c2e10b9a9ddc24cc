"""Who is in a user group, and who is a guest, is Slack's word of the last minute."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from chatops_local.slack import Fault, Person

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.end_to_end.approval.room import Room

RUNNER = "U0RUNNER"


@pytest.fixture
def groups(room: Room) -> Iterator[Room]:
    room.cloud.slack.workspace.people.set_group("S0RUNNERS", [RUNNER])
    yield room
    room.cloud.advance(by=timedelta(minutes=2))


def test_a_member_of_the_group_runs_it_and_others_do_not(groups: Room):
    assert "as a runner" in groups.result(groups.type("/runners", RUNNER))
    stranger = groups.type("/runners")
    assert "it is for members of" in groups.result(stranger)
    assert groups.status(stranger) == "FAILED ChatOps.Declined"


def test_who_has_left_the_group_loses_the_command_within_a_minute(groups: Room):
    assert "as a runner" in groups.result(groups.type("/runners", RUNNER))
    groups.cloud.slack.workspace.people.set_group("S0RUNNERS", [])
    groups.cloud.advance(by=timedelta(seconds=61))
    assert "it is for members of" in groups.result(groups.type("/runners", RUNNER))


def test_an_approver_who_has_left_the_group_approves_nothing_within_a_minute(groups: Room):
    sent = groups.type("/deploy")
    card = groups.card(sent)
    groups.cloud.slack.workspace.people.set_group("S0ADMINS", ["U0BEN"])
    groups.cloud.advance(by=timedelta(seconds=61))
    refused = groups.click(card, "Approve", "U0ADA")
    assert "You may not decide" in groups.told(refused)
    groups.click(card, "Deny", "U0BEN")
    assert "denied" in groups.result(sent)


def test_a_group_that_slack_does_not_tell_of_lets_nobody(groups: Room):
    groups.cloud.advance(by=timedelta(seconds=61))
    groups.cloud.slack.faults.inject("usergroups.users.list", Fault.refusal("missing_scope"))
    result = groups.result(groups.type("/runners", RUNNER))
    assert "Slack did not say" in result
    assert "missing_scope" in result


def test_guests_are_no_staff(groups: Room):
    guest, member = groups.someone(), groups.someone()
    groups.cloud.slack.workspace.people.add(Person(guest, guest=True))
    assert "it is for" in groups.result(groups.type("/staff", guest))
    assert "as staff" in groups.result(groups.type("/staff", member))
