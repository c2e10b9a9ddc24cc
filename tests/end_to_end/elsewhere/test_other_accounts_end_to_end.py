"""Commands that work in another account: with its role, and with nothing else."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.end_to_end.approval.room import Room

APP = "A0FAR"


def test_a_script_runs_over_there(far_room: Room):
    told = far_room.result(far_room.type("/who hello", endpoint=APP))
    assert "hello from" in told
    assert "far-1" in told
    assert "far-2" in told


def test_an_approved_script_is_the_one_that_was_shown(far_room: Room):
    sent = far_room.type("/careful", endpoint=APP)
    card = far_room.card(sent)
    assert "SHA-256" in card.shown
    assert "far-1" in card.shown
    far_room.click(card, "Approve", "U0ADA")
    assert "far-2" in far_room.result(sent)


def test_a_script_on_a_picked_instance_is_cancelled_over_there(far_room: Room):
    home = far_room.home("far-1")
    (home / "hold").touch()
    try:
        sent = far_room.type("/held", endpoint=APP)
        far_room.click(
            far_room.question(sent), "Submit", sent.command.user_id, selected=far_room.cloud.instances["far-1"]
        )
        far_room.until((home / "begun").exists)
        (ack,) = (message for message in sent.messages if message.via == "ack")
        far_room.click(ack, "Cancel", sent.command.user_id)
        told = far_room.until(lambda: sent.results)[-1]
        assert "was cancelled by" in told.shown
    finally:
        (home / "hold").unlink()
    assert not (home / "over").exists()


def test_a_script_that_was_not_allowed_there_is_not_found(far_room: Room):
    told = far_room.result(far_room.type("/unknown", endpoint=APP))
    assert "could not be carried out" in told
    assert "not authorized to perform: ssm:DescribeDocument" in told


def test_logs_are_searched_over_there(far_room: Room):
    logs = far_room.cloud.server.client("logs")
    logs.create_log_stream(logGroupName="/far/orders", logStreamName="one")
    event = {"timestamp": int(time.time() * 1000) - 1000, "message": "request 8f0c2d1e has failed"}
    logs.put_log_events(logGroupName="/far/orders", logStreamName="one", logEvents=[event])
    assert "request 8f0c2d1e has failed" in far_room.result(far_room.type("/logsearch 8f0c2d1e", endpoint=APP))


def test_a_role_that_trusts_another_stack_is_not_to_be_had(far_room: Room):
    told = far_room.result(far_room.type("/closed", endpoint=APP))
    assert "not authorized to perform: sts:AssumeRole" in told
    assert "role/closed-ops" in told
