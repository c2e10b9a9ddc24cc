"""One local cloud with the app of this folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from chatops_local.app import synth
from chatops_local.cloud import InstanceSpec, LocalCloud
from tests.end_to_end.approval.room import Room

if TYPE_CHECKING:
    from collections.abc import Iterator

APP = Path(__file__).parent / "app"
TIME_SCALE = 0.05


@pytest.fixture(scope="session")
def far_assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The app's cdk.out."""
    output = tmp_path_factory.mktemp("far.cdk.out")
    return synth(APP, output, account="123456789012", region="us-east-1").directory


@pytest.fixture(scope="session")
def far_room(far_assembly: Path) -> Iterator[Room]:
    """The app, deployed, and the people who use it."""
    instances = [InstanceSpec("far-1", {"Role": "far"}), InstanceSpec("far-2", {"Role": "far"})]
    with LocalCloud.start(time_scale=TIME_SCALE, instances=instances) as cloud:
        yield Room(cloud, {stack.name: stack for stack in cloud.deploy_all(far_assembly)})
