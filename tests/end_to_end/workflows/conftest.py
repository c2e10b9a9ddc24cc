"""One local cloud with the app of this folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from chatops_local.app import synth
from chatops_local.cloud import LocalCloud
from tests.end_to_end.approval.room import Room

if TYPE_CHECKING:
    from collections.abc import Iterator

APP = Path(__file__).parent / "app"
# The 30 seconds of `/late` are 3 here.
TIME_SCALE = 0.1
ENDPOINT = "A0FLOW01"


@pytest.fixture(scope="session")
def workflows_assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The app's cdk.out."""
    output = tmp_path_factory.mktemp("workflows.cdk.out")
    return synth(APP, output, account="123456789012", region="us-east-1").directory


@pytest.fixture(scope="session")
def flows(workflows_assembly: Path) -> Iterator[Room]:
    """The app, deployed."""
    with LocalCloud.start(time_scale=TIME_SCALE) as cloud:
        yield Room(cloud, {stack.name: stack for stack in cloud.deploy_all(workflows_assembly)})
