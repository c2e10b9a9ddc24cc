"""One local cloud for all tests of this folder; each test deploys stacks of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chatops_local.server import Server

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with Server.start(time_scale=0.05, function_environment={"FROM_THE_CLOUD": "yes"}) as started:
        yield started


@pytest.fixture(scope="session")
def tokyo_cloud() -> Iterator[Server]:
    """A local cloud at home in Tokyo, for stacks in Virginia; its minutes are 60 milliseconds."""
    with Server.start(time_scale=0.001, region="ap-northeast-1") as started:
        yield started
