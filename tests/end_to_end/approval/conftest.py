"""One local cloud with the app of this folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from chatops_local.app import synth
from chatops_local.cloud import InstanceSpec, LocalCloud
from tests.end_to_end.approval.room import ADMINS, Room

if TYPE_CHECKING:
    from collections.abc import Iterator

APP = Path(__file__).parent / "app"
# The minute in which `/hurry` has to be approved takes 6 seconds here.
TIME_SCALE = 0.1
MANY = 105

INSTANCES = [
    InstanceSpec("one-1", {"Role": "one"}),
    InstanceSpec("web-1", {"Role": "web"}),
    InstanceSpec("web-2", {"Role": "web"}),
    InstanceSpec("web-3", {"Role": "web"}),
    InstanceSpec("asleep-1", {"Role": "web"}, online=False),
    *(InstanceSpec(f"many-{number:03}", {"Role": "many"}) for number in range(MANY)),
]


@pytest.fixture(scope="session")
def approval_assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The app's cdk.out."""
    output = tmp_path_factory.mktemp("approval.cdk.out")
    return synth(APP, output, account="123456789012", region="us-east-1").directory


@pytest.fixture(scope="session")
def shared_room(approval_assembly: Path) -> Iterator[Room]:
    """The app, deployed."""
    with LocalCloud.start(time_scale=TIME_SCALE, instances=INSTANCES) as cloud:
        yield Room(cloud, {stack.name: stack for stack in cloud.deploy_all(approval_assembly)})


@pytest.fixture
def room(shared_room: Room) -> Room:
    """The deployed app, with Ada and Ben as its administrators."""
    shared_room.cloud.slack.workspace.people.set_group("S0ADMINS", ADMINS)
    return shared_room
