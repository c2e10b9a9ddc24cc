"""One local cloud for all end-to-end tests: the app of this folder, synthesised once and deployed as it is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from chatops_local.app import synth
from chatops_local.cloud import InstanceSpec, LocalCloud
from tests.end_to_end import canaries

if TYPE_CHECKING:
    from collections.abc import Iterator

APP = Path(__file__).parent / "app"
# One second of AWS takes this many seconds here.
TIME_SCALE = 0.05

INSTANCES = [
    InstanceSpec("web-1", {"Role": "web"}),
    InstanceSpec("web-2", {"Role": "web"}),
    InstanceSpec("one-1", {"Role": "one"}),
    InstanceSpec("asleep-1", {"Role": "asleep"}, online=False),
    InstanceSpec("by-id-1", instance_id="i-0123456789abcdef0"),
]


@pytest.fixture(scope="session", autouse=True)
def no_secret_where_it_must_not_be() -> Iterator[None]:
    """Whatever the tests of this folder and those in it do: see `canaries`."""
    with pytest.MonkeyPatch.context() as patch:
        canaries.watch(patch)
        yield


@pytest.fixture(scope="session")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The app's cdk.out."""
    directories = synth(APP, tmp_path_factory.mktemp("cdk.out"), account="123456789012", region="us-east-1").directories
    return directories[0]


@pytest.fixture(scope="session")
def shared_cloud(assembly: Path) -> Iterator[LocalCloud]:
    """The app, deployed."""
    with LocalCloud.start(time_scale=TIME_SCALE, instances=INSTANCES) as cloud:
        cloud.deploy(assembly)
        yield cloud


@pytest.fixture
def cloud(shared_cloud: LocalCloud) -> LocalCloud:
    """The deployed app, for tests that leave it as it is."""
    return shared_cloud
