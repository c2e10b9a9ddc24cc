"""One local cloud with the app of this folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from chatops_local.app import synth
from chatops_local.cloud import InstanceSpec, LocalCloud

if TYPE_CHECKING:
    from collections.abc import Iterator

APP = Path(__file__).parent / "app"
TIME_SCALE = 0.05


@pytest.fixture(scope="session")
def arguments_assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The app's cdk.out."""
    output = tmp_path_factory.mktemp("arguments.cdk.out")
    return synth(APP, output, account="123456789012", region="us-east-1").directory


@pytest.fixture(scope="session")
def arguments_cloud(arguments_assembly: Path) -> Iterator[LocalCloud]:
    """The app, deployed."""
    with LocalCloud.start(time_scale=TIME_SCALE, instances=[InstanceSpec("one-1", {"Role": "one"})]) as cloud:
        cloud.deploy(arguments_assembly)
        yield cloud
