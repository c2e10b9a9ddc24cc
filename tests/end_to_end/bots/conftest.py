"""One local cloud for the tests of bots: the app of this folder, synthesised once, deployed as it is."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from chatops_local.app import synth
from chatops_local.cloud import LocalCloud

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chatops_local.server import DeployedStack

APP = Path(__file__).parent / "app"
# One second of AWS takes this many seconds here.
TIME_SCALE = 0.01
NOW = datetime(2026, 11, 22, tzinfo=timezone.utc)


@pytest.fixture(scope="session")
def bots_assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The app's cdk.out."""
    output = tmp_path_factory.mktemp("bots.cdk.out")
    return synth(APP, output, account="123456789012", region="eu-central-1").directories[0]


@contextmanager
def bots_cloud(assembly: Path, *, now: datetime = NOW) -> Iterator[tuple[LocalCloud, DeployedStack]]:
    """A cloud with the app, and of its stacks the first."""
    with LocalCloud.start(time_scale=TIME_SCALE, region="eu-central-1", instances=[], now=now) as cloud:
        stack, _ = cloud.deploy_all(assembly)
        yield cloud, stack


@pytest.fixture(scope="session")
def shared_bots_cloud(bots_assembly: Path) -> Iterator[tuple[LocalCloud, DeployedStack]]:
    """The app, deployed, and told of a bot that had no success yet, so that no test is when it looks at alarms."""
    with bots_cloud(bots_assembly) as (cloud, stack):
        cloud.server.evaluate_alarms()
        cloud.slack.wait_for(lambda message: "has not succeeded" in message.text, 30)
        yield cloud, stack


@pytest.fixture
def cloud(shared_bots_cloud: tuple[LocalCloud, DeployedStack]) -> Iterator[LocalCloud]:
    """The deployed app, with a Slack as it should be."""
    cloud, _ = shared_bots_cloud
    yield cloud
    cloud.slack.faults.clear()


@pytest.fixture
def physical_id(shared_bots_cloud: tuple[LocalCloud, DeployedStack]) -> Callable[[str], str]:
    """Gives the physical id of a resource, by its logical one without the hash."""
    _, stack = shared_bots_cloud

    def find(logical_id: str) -> str:
        (found,) = [id for id in stack.physical_ids if id[:-8] == logical_id]
        return stack.resource(found)

    return find
