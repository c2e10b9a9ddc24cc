"""What the tests of the local cloud have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        "trust(behaviour, *, source, canary, actions=()): the test is a canary of a behaviour of AWS that `source` "
        "documents: that what may be done is done (`allow`), or that what may not be done is not (`deny`). "
        "`actions` are the IAM actions that it shows to be checked; `{name}` is a parameter of the test.",
    )
