"""Decide without Lambda, AWS and Slack."""

from __future__ import annotations

import pytest

from tests.runtime.decide.clicks import Desk


@pytest.fixture
def desk() -> Desk:
    """At which nothing has been asked yet."""
    return Desk()
