"""Who typed a command can cancel it while it waits and while it runs; and one at a time is one at a time."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from chatops_runtime.contracts.decision import AUDIT_STATE, REPORT_STATE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatops_local.slack import Message, SentCommand
    from tests.end_to_end.approval.room import Room


@contextmanager
def held(room: Room) -> Iterator[None]:
    """While the script of `/only` does not come to its end."""
    home = room.home("one-1")
    for name in ("begun", "over"):
        (home / name).unlink(missing_ok=True)
    (home / "hold").touch()
    try:
        yield
    finally:
        (home / "hold").unlink(missing_ok=True)


def begun(room: Room, sent: SentCommand) -> Message:
    """The acknowledgement, once the script runs."""
    room.until((room.home("one-1") / "begun").exists)
    (ack,) = (message for message in sent.messages if message.via == "ack")
    return ack


def statuses(room: Room, sent: SentCommand) -> list[str]:
    """Of the commands that its execution has sent."""
    commands = room.cloud.server.client("ssm").list_commands()["Commands"]
    return [each["Status"] for each in commands if each["Comment"].startswith(room.name(sent))]


def test_a_running_script_is_cancelled_by_who_typed_it(room: Room):
    with held(room):
        sent = room.type("/only")
        ack = begun(room, sent)
        click = room.click(ack, "Cancel", sent.command.user_id)
        room.until(lambda: room.status(sent) != "RUNNING" or None)
        assert room.status(sent) == "ABORTED ChatOps.Cancelled"
        assert "being cancelled" in room.shown(ack, "cancelled").shown
        assert room.cloud.slack.now(ack).controls == []
        told = room.until(lambda: sent.results)[-1]
        assert "was cancelled by" in told.shown
        room.until(lambda: statuses(room, sent) == ["Cancelled"] or None)
        assert not (room.home("one-1") / "over").exists()
        assert click.ack.ok


def test_nobody_cancels_what_others_typed(room: Room):
    with held(room):
        sent = room.type("/only")
        ack = begun(room, sent)
        refused = room.click(ack, "Cancel", room.someone())
        assert "Only" in room.told(refused)
        assert room.status(sent) == "RUNNING"
        assert statuses(room, sent) == ["InProgress"]
    assert "one-1" in room.result(sent)


def test_what_is_over_cannot_be_cancelled(room: Room):
    with held(room):
        sent = room.type("/only")
        ack = begun(room, sent)
    room.result(sent)
    late = room.click(ack, "Cancel", sent.command.user_id)
    assert "is over" in room.told(late)
    assert room.status(sent) == "SUCCEEDED"
    entered = {event["stateEnteredEventDetails"]["name"] for event in room.history(sent, "TaskStateEntered")}
    assert entered >= {AUDIT_STATE, REPORT_STATE}, "by which decide sees that a result is being told"


def test_what_waits_for_an_approval_is_cancelled_too(room: Room):
    sent = room.type("/reboot")
    card = room.card(sent)
    (ack,) = (message for message in sent.messages if message.via == "ack")
    room.click(ack, "Cancel", sent.command.user_id)
    assert "cancelled" in room.result(sent)
    assert room.shown(card, "Cancelled").controls == []
    assert room.status(sent) == "FAILED ChatOps.Declined"


def test_a_second_one_is_told_who_runs_the_first_and_nothing_is_started(room: Room):
    with held(room):
        first = room.type("/only")
        begun(room, first)
        second = room.type("/only")
        result = room.result(second)
        assert "another one is under way" in result
        assert first.command.user_id in result
        assert statuses(room, second) == []
    assert "one-1" in room.result(first)


@pytest.mark.parametrize("how", ["cancelled", "aborted"])
def test_the_turn_of_one_that_was_ended_from_outside_is_taken_over(room: Room, how: str):
    with held(room):
        first = room.type("/only")
        ack = begun(room, first)
        if how == "cancelled":
            room.click(ack, "Cancel", first.command.user_id)
        else:
            (execution,) = room.cloud.executions_of(first)
            room.cloud.server.client("stepfunctions").stop_execution(executionArn=execution.arn)
        room.until(lambda: room.status(first) != "RUNNING" or None)
    second = room.type("/only")
    assert "one-1" in room.result(second)
    assert room.status(second) == "SUCCEEDED"
