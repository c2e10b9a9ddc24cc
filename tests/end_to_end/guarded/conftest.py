"""One local cloud for the tests of the guarded site: the example, synthesised once and deployed as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.end_to_end.guarded.guarded_site import EDGE, GuardedSite, guarded_site, synthesised
from tests.end_to_end.scheduled.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def guarded_assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example's cdk.out."""
    return synthesised(tmp_path_factory.mktemp("guarded.cdk.out"))


@pytest.fixture(scope="session")
def shared_guarded_site(guarded_assembly: Path) -> Iterator[GuardedSite]:
    """The example, deployed."""
    with guarded_site(guarded_assembly) as site:
        yield site


@pytest.fixture
def site(shared_guarded_site: GuardedSite) -> Iterator[GuardedSite]:
    """The deployed example, open before and after each test."""
    site = shared_guarded_site
    site.order("off")
    assert not site.is_closed
    yield site
    site.cloud.server.waf.limit_rates(limited=False)
    site.deploy(EDGE)
    # The deployment's own event has the function look at the IP sets: the next test is not to be helped by that.
    until(site.cloud.server.is_quiet)
