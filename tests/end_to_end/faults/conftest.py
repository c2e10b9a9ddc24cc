"""One local cloud for the fault matrix, and a place of its own for each row."""

from __future__ import annotations

import itertools
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from chatops_local.app import synth
from chatops_local.cloud import InstanceSpec, LocalCloud
from tests.end_to_end.faults.bot_scene import BotScene
from tests.end_to_end.faults.event_scene import EventScene
from tests.end_to_end.faults.page import cause_of
from tests.end_to_end.faults.recorder import Recorder
from tests.end_to_end.faults.scene import Scene

if TYPE_CHECKING:
    from collections.abc import Iterator

APP = Path(__file__).parent / "app"
TIME_SCALE = 0.02
INSTANCES = [InstanceSpec(f"{role}-1", {"Role": role}) for role in ("one", "a", "b")]


@pytest.fixture(scope="session")
def assembly_of_faults(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The app's cdk.out."""
    output = tmp_path_factory.mktemp("cdk.out")
    return synth(APP, output, account="123456789012", region="us-east-1").directories[0]


@pytest.fixture(scope="session")
def faulty_cloud(assembly_of_faults: Path) -> Iterator[LocalCloud]:
    """The app, deployed."""
    with LocalCloud.start(time_scale=TIME_SCALE, instances=INSTANCES) as cloud:
        cloud.deploy(assembly_of_faults)
        yield cloud


@pytest.fixture(scope="session")
def numbers() -> Iterator[int]:
    """Of scenes."""
    return itertools.count(1)


@pytest.fixture
def scene(faulty_cloud: LocalCloud, numbers: Iterator[int]) -> Scene:
    """A user and a channel of the test's own, in which nothing is left of those before."""
    for queue in faulty_cloud.server.client("sqs").list_queues().get("QueueUrls", []):
        faulty_cloud.server.client("sqs").purge_queue(QueueUrl=queue)
    # No alarm looks back that far.
    faulty_cloud.advance(by=timedelta(minutes=30))
    return Scene(faulty_cloud, next(numbers))


@pytest.fixture
def bots(scene: Scene, numbers: Iterator[int]) -> BotScene:
    """A channel of the test's own, in which bots speak."""
    return BotScene(scene.cloud, next(numbers))


@pytest.fixture
def events(scene: Scene, numbers: Iterator[int]) -> EventScene:
    """A channel of the test's own, in which the app is mentioned."""
    return EventScene(scene.cloud, next(numbers))


@pytest.fixture
def record(request: pytest.FixtureRequest) -> Recorder:
    """Takes the outcome of the test, whose docstring says what goes wrong."""
    return Recorder(cause_of(request.function.__doc__))
