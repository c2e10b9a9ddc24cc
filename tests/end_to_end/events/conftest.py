"""One local cloud with the app of this folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from chatops_local.app import synth
from chatops_local.cloud import LocalCloud
from tests.end_to_end.events.happenings import Happenings

if TYPE_CHECKING:
    from collections.abc import Iterator

APP = Path(__file__).parent / "app"
TIME_SCALE = 0.05


@pytest.fixture(scope="session")
def events_assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The app's cdk.out."""
    return synth(APP, tmp_path_factory.mktemp("events.cdk.out"), account="123456789012", region="us-east-1").directory


@pytest.fixture(scope="session")
def happenings(events_assembly: Path) -> Iterator[Happenings]:
    """The app, deployed."""
    with LocalCloud.start(time_scale=TIME_SCALE) as cloud:
        (stack,) = cloud.deploy_all(events_assembly)
        cloud.slack.workspace.people.set_group("S0FRIENDS", ["U0FRIEND"])
        yield Happenings(cloud, stack)
