"""What every notice can say of itself, whatever it is about."""

from __future__ import annotations

from abc import ABC, abstractmethod
from enum import IntEnum

LONGEST_LINE = 600
"""So many characters of a message a notice's line may take, besides its link."""

LEAST_ROOM = 3_900
"""With so many characters, `full` says what matters."""


class Severity(IntEnum):
    """How much a notice matters, worst first."""

    BAD = 0
    DOUBTFUL = 1
    UNKNOWN = 2
    GOOD = 3


class Notice(ABC):
    """Something that people are to be told.

    Attributes:
        about: What it is about: notices about the same thing share a line of a digest.
        severity: How much it matters.
        state: The state that it tells, in a word that can be counted: `3 ALARM`.
        at: When it was published, in seconds of Unix time.
    """

    about: tuple[str, str]
    severity: Severity
    state: str
    at: float

    @property
    @abstractmethod
    def line(self) -> str:
        """All of it in one line of markup, of at most `LONGEST_LINE` besides its link."""

    @abstractmethod
    def full(self, room: int) -> str:
        """All of it as markup of at most `room` characters, which are no fewer than `LEAST_ROOM`."""
