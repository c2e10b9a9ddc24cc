"""One local cloud with the app of this folder, and lines of one transaction in its log groups."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from chatops_local.app import synth
from chatops_local.cloud import LocalCloud
from tests.end_to_end.log_search.archive import MAIL, Archive

if TYPE_CHECKING:
    from collections.abc import Iterator

APP = Path(__file__).parent / "app"
TIME_SCALE = 0.05


@pytest.fixture(scope="session")
def searches_assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The app's cdk.out."""
    output = tmp_path_factory.mktemp("searches.cdk.out")
    return synth(APP, output, account="123456789012", region="us-east-1").directory


@pytest.fixture(scope="session")
def deployed_archive(searches_assembly: Path) -> Iterator[Archive]:
    """The app, deployed."""
    with LocalCloud.start(time_scale=TIME_SCALE) as cloud:
        (stack,) = cloud.deploy_all(searches_assembly)
        archive = Archive(cloud, stack, now=int(time.time() * 1000))
        archive.create(MAIL)
        archive.fill()
        yield archive


@pytest.fixture
def archive(deployed_archive: Archive) -> Iterator[Archive]:
    """The same, with pages and queries as they are without anybody's help."""
    yield deployed_archive
    deployed_archive.calm()
