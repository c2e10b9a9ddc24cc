"""One local cloud for the tests of scheduled runs: the app of this folder, synthesised once, deployed as it is."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from chatops_local.app import synth
from chatops_local.cloud import InstanceSpec, LocalCloud
from tests.end_to_end.scheduled.instances import Instances
from tests.end_to_end.scheduled.restricted import Restricted, restricted_stack

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

APP = Path(__file__).parent / "app"
# The page on migration, whose example is deployed, has its topics there.
REGION = "ap-northeast-1"
# One second of AWS takes this many seconds here.
TIME_SCALE = 0.01
NOW = datetime(2026, 11, 22, tzinfo=timezone.utc)

INSTANCES = [
    *(InstanceSpec(f"web-{number}", {"Role": "web"}) for number in (1, 2, 3)),
    *(InstanceSpec(f"sixty-{number:02}", {"Role": "sixty"}) for number in range(1, 61)),
    InstanceSpec("one-1", {"Role": "one"}),
    InstanceSpec("batch-1", {"Role": "batch"}),
    InstanceSpec("stopped-1", {"Role": "stopped"}, online=False),
    InstanceSpec("by-id-1", instance_id="i-0123456789abcdef0"),
]


@pytest.fixture(scope="session")
def scheduled_assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The app's cdk.out."""
    output = tmp_path_factory.mktemp("scheduled.cdk.out")
    return synth(APP, output, account="123456789012", region=REGION).directories[0]


@contextmanager
def scheduled_cloud(
    assembly: Path,
    instances: Sequence[InstanceSpec] = INSTANCES,
    *,
    time_scale: float = TIME_SCALE,
    now: datetime = NOW,
    visibility_lag: float = 0.0,
) -> Iterator[LocalCloud]:
    """A cloud with the app."""
    with LocalCloud.start(
        time_scale=time_scale, visibility_lag=visibility_lag, region=REGION, instances=instances, now=now
    ) as cloud:
        for topic in ("batch-succeeded", "batch-failed"):
            cloud.server.client("sns").create_topic(Name=topic)
        cloud.deploy_all(assembly)
        yield cloud


@pytest.fixture(scope="session")
def shared_scheduled_cloud(scheduled_assembly: Path) -> Iterator[LocalCloud]:
    """The app, deployed."""
    with scheduled_cloud(scheduled_assembly) as cloud:
        yield cloud


@pytest.fixture
def cloud(shared_scheduled_cloud: LocalCloud) -> Iterator[LocalCloud]:
    """The deployed app, with events, lists and instances as they should be."""
    yield shared_scheduled_cloud
    shared_scheduled_cloud.server.command_events()
    shared_scheduled_cloud.server.lag_execution_lists(0)


@pytest.fixture
def instances(cloud: LocalCloud) -> Iterator[Instances]:
    """The instances, which do as they are told until the end of the test."""
    instances = Instances(cloud)
    yield instances
    instances.restore()


@pytest.fixture(scope="session")
def shared_restricted(scheduled_assembly: Path) -> Iterator[Restricted]:
    """The stack `Restricted` on a cloud of its own, since tests change what is deployed."""
    with scheduled_cloud(scheduled_assembly, []) as cloud:
        yield restricted_stack(cloud, scheduled_assembly)


@pytest.fixture
def restricted(shared_restricted: Restricted) -> Iterator[Restricted]:
    """The stack, without what the test before has taken from it: each deploys what it wants."""
    yield shared_restricted
    shared_restricted.instances.restore()
    shared_restricted.clean_up()
