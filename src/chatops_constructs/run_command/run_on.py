"""On how many of its targets a script runs."""

from __future__ import annotations

from enum import Enum


class RunOn(Enum):
    """On how many of its targets a script runs.

    Attributes:
        ALL: On every instance that is online.
        ANY_ONE: On one instance that is online, the first by name. When the script cannot be delivered there, the next
            one gets it; once it may have begun it is never begun elsewhere, whatever becomes of it.
    """

    ALL = "ALL"
    ANY_ONE = "ANY_ONE"
