"""What was shown and approved is what runs, or nothing does, whatever is deployed while people think about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from chatops_local.cloud import InstanceSpec, LocalCloud
from tests.end_to_end.approval.conftest import TIME_SCALE
from tests.end_to_end.approval.room import ADA, ADMINS, BEN, Room

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def own_room(approval_assembly: Path) -> Iterator[Room]:
    """A cloud of its own, since the tests change what is deployed."""
    with LocalCloud.start(time_scale=TIME_SCALE, instances=[InstanceSpec("one-1", {"Role": "one"})]) as cloud:
        room = Room(cloud, {stack.name: stack for stack in cloud.deploy_all(approval_assembly)})
        cloud.slack.workspace.people.set_group("S0ADMINS", ADMINS)
        yield room


def another_script(template: dict[str, Any]) -> None:
    """The same template with another script for /reboot, as a deployment of a changed script gives it."""
    for logical_id, resource in template["Resources"].items():
        if resource["Type"] == "AWS::SSM::Document" and "CommandsRebootDocument" in logical_id:
            lines = resource["Properties"]["Content"]["mainSteps"][0]["inputs"]["runCommand"]
            # base64 of "echo version one" and "echo version two"
            lines[lines.index("ZWNobyB2ZXJzaW9uIG9uZQ==")] = "ZWNobyB2ZXJzaW9uIHR3bw=="


def another_function(template: dict[str, Any]) -> None:
    """The same template with another version of the function behind /deploy."""
    for logical_id, resource in template["Resources"].items():
        if resource["Type"] == "AWS::Lambda::Function" and logical_id.startswith("Versioned"):
            resource["Properties"]["Environment"]["Variables"]["VERSION"] = "two"


def test_of_a_script_the_version_that_was_approved_runs(own_room: Room, approval_assembly: Path):
    sent = own_room.type("/reboot")
    card = own_room.card(sent)
    own_room.click(card, "Approve", ADA)
    own_room.cloud.deploy_all(approval_assembly, edit_template=another_script)
    own_room.click(card, "Approve", BEN)
    assert "version one" in own_room.result(sent)
    sent = own_room.type("/reboot")
    card = own_room.card(sent)
    own_room.click(card, "Approve", ADA)
    own_room.click(card, "Approve", BEN)
    assert "version two" in own_room.result(sent)


def test_of_a_function_another_version_never_runs(own_room: Room, approval_assembly: Path):
    sent = own_room.type("/deploy")
    card = own_room.card(sent)
    own_room.cloud.deploy_all(approval_assembly, edit_template=another_function)
    own_room.click(card, "Approve", ADA)
    result = own_room.result(sent)
    assert "changed since" in result
    assert "version" not in result
    assert own_room.status(sent) == "FAILED ChatOps.Declined"
    sent = own_room.type("/deploy")
    own_room.click(own_room.card(sent), "Approve", ADA)
    assert "version two" in own_room.result(sent)
