"""One local cloud for the tests of delivery."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from chatops_local.app import synth
from chatops_local.cloud import InstanceSpec, LocalCloud

if TYPE_CHECKING:
    from collections.abc import Iterator

APP = Path(__file__).parent / "app"


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    """The app of this folder. One second of a pause takes a fiftieth here."""
    assembly = synth(APP, tmp_path_factory.mktemp("cdk.out"), account="123456789012", region="us-east-1")
    with LocalCloud.start(time_scale=0.02, instances=[InstanceSpec("one-1", {"Role": "one"})]) as cloud:
        cloud.deploy(assembly.directories[0])
        yield cloud


@pytest.fixture
def cloud(deployed: LocalCloud) -> Iterator[LocalCloud]:
    """With everything going well at the end."""
    yield deployed
    deployed.slack.faults.clear()
