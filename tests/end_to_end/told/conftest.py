"""One local cloud with the app of this folder, and a user of its own for each command."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from chatops_local.app import synth
from chatops_local.cloud import InstanceSpec, LocalCloud
from tests.end_to_end.told.observed import Observed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chatops_local.slack import SentCommand

APP = Path(__file__).parent / "app"
# The half hour in which a result is brought to Slack takes 9 seconds here.
TIME_SCALE = 0.005


@pytest.fixture(scope="session")
def told_assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The app's cdk.out."""
    output = tmp_path_factory.mktemp("told.cdk.out")
    return synth(APP, output, account="123456789012", region="us-east-1").directories[0]


@pytest.fixture(scope="session")
def observed(told_assembly: Path) -> Iterator[Observed]:
    """The app, deployed."""
    with LocalCloud.start(time_scale=TIME_SCALE, instances=[InstanceSpec("one-1", {"Role": "one"})]) as cloud:
        yield Observed(cloud, cloud.deploy(told_assembly))


@pytest.fixture(scope="session")
def numbers() -> Iterator[int]:
    """Of users."""
    return itertools.count(1)


@pytest.fixture
def send(observed: Observed, numbers: Iterator[int]) -> Callable[[str], SentCommand]:
    """Type a command, as somebody who has typed none before."""
    return lambda line: observed.cloud.slack.send(line, user=f"U0TOLD{next(numbers):03}")
