"""How many executions of a command there may be at a time."""

from __future__ import annotations

from enum import Enum


class Concurrency(Enum):
    """Whether a command may be run while it runs."""

    MANY = "many"
    """As often as people like."""

    ONE = "one"
    """Once: whoever types it meanwhile is told who runs it and since when, and nothing is started."""
