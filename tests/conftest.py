"""How the tests are spread over processes (`make test` uses one for each processor)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from xdist.remote import Producer  # type: ignore[import-untyped]


class ByFolder(LoadScopeScheduling):  # type: ignore[misc]
    """The tests of a folder stay together: they share its local cloud, its synthesised apps and what they record."""

    def _split_scope(self, nodeid: str) -> str:
        return nodeid.partition("::")[0].rpartition("/")[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByFolder:
    """xdist asks for it: https://pytest-xdist.readthedocs.io/en/stable/distribution.html."""
    return ByFolder(config, log)
