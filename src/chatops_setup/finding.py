"""What a check has found, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Level(Enum):
    """How bad it is."""

    OK = "ok"
    WARNING = "warning"
    """It works, and should be otherwise."""
    PROBLEM = "problem"
    UNKNOWN = "unknown"
    """It could not be checked."""


@dataclass(frozen=True)
class Finding:
    """The outcome of one check.

    Attributes:
        level: How bad it is.
        check: What was checked, in a word or two, such as `signing secret`.
        says: What was found. It holds no secret.
        remedy: What to do; empty if nothing is to be done.
        detail: More, for those who want to see it.
    """

    level: Level
    check: str
    says: str
    remedy: str = ""
    detail: str = ""

    @property
    def is_failure(self) -> bool:
        """Whether somebody has to do something before all is known to be well."""
        return self.level in (Level.PROBLEM, Level.UNKNOWN)


def ok(check: str, says: str, detail: str = "") -> Finding:
    """It is well."""
    return Finding(Level.OK, check, says, detail=detail)


def warning(check: str, says: str, remedy: str) -> Finding:
    """It works, and should be otherwise."""
    return Finding(Level.WARNING, check, says, remedy)


def problem(check: str, says: str, remedy: str) -> Finding:
    """It does not work."""
    return Finding(Level.PROBLEM, check, says, remedy)


def unknown(check: str, says: str, remedy: str) -> Finding:
    """It could not be checked."""
    return Finding(Level.UNKNOWN, check, says, remedy)
