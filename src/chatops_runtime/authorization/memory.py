"""Answers of Slack, each kept in memory for a minute."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

KEPT_SECONDS = 60
"""How long somebody who has left a user group may go on: the price for not asking Slack at every command."""


class Memory(Generic[T]):
    """Answers by what was asked."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        """Empty.

        Args:
            clock: Seconds. Default: the wall clock, which goes on while Lambda has the function frozen.
        """
        self._clock = clock
        self._kept: dict[str, tuple[float, T]] = {}

    def of(self, asked: str, ask: Callable[[str], T]) -> T:
        """The answer to `asked`, by `ask` if there is none that is fresh. What it raises is not kept."""
        now = self._clock()
        # A clock that was put back makes nothing fresh.
        self._kept = {key: kept for key, kept in self._kept.items() if 0 <= now - kept[0] < KEPT_SECONDS}
        if asked not in self._kept:
            self._kept[asked] = (now, ask(asked))
        return self._kept[asked][1]
