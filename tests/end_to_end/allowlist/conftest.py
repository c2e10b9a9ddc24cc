"""One local cloud for the tests of the allow-list: the app, synthesised once and deployed as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.end_to_end.allowlist.allowlisted_site import NOTHING, AllowlistedSite, allowlisted_site, synthesised

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def allowlist_assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The app's cdk.out."""
    return synthesised(tmp_path_factory.mktemp("allowlist.cdk.out"))


@pytest.fixture(scope="session")
def shared_allowlisted_site(allowlist_assembly: Path) -> Iterator[AllowlistedSite]:
    """The app, deployed."""
    with allowlisted_site(allowlist_assembly) as site:
        yield site


@pytest.fixture
def site(shared_allowlisted_site: AllowlistedSite) -> Iterator[AllowlistedSite]:
    """The deployed app, with nobody registered."""
    site = shared_allowlisted_site
    assert site.addresses == NOTHING
    yield site
    site.cloud.server.waf.limit_rates(limited=False)
    site.empty()
    site.until_registered(NOTHING)
