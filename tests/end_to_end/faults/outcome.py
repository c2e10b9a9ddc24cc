"""What a fault led to: one small object for each row of the matrix."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Kept(Enum):
    """How it is known what became of the command."""

    RESULT = "no: the result is there"
    TOLD = "no: it is said"
    DEAD_LETTER = "no: a dead letter, with an alarm"
    LOST = "YES"


@dataclass(frozen=True)
class Seen:
    """One thing that somebody sees.

    Args:
        by: who: `the user`, or `the channel`.
        text: what is on the screen.
        is_ack: whether it is the answer to the request, which comes within Slack's three seconds.
    """

    by: str
    text: str
    is_ack: bool = False


@dataclass(frozen=True)
class Outcome:
    """What a fault led to.

    Args:
        id: the command's id; empty if nothing that was seen has one.
        user: who typed it.
        channel: where.
        seen: everything that anybody saw of the command: the answers to the request, then the rest in order.
        runs: how often the script or the function ran, whatever executions there were.
        kept: how it is known what became of the command.
        shows: where it shows: the execution, the audit line, log lines, metrics, alarms, the dead-letter queue.
    """

    id: str
    user: str
    channel: str
    seen: tuple[Seen, ...]
    runs: int
    kept: Kept
    shows: tuple[str, ...]

    @property
    def said(self) -> list[str]:
        """The texts that came after the answer to the request."""
        return [seen.text for seen in self.seen if not seen.is_ack]

    @property
    def ack(self) -> str:
        """The first answer to the request; empty if it says nothing."""
        return next((seen.text for seen in self.seen if seen.is_ack), "")
