"""Calls that are carried out and whose answers do not arrive: what a caller must be able to bear."""

from __future__ import annotations

import threading


class LostAnswers:
    """Loses the answer of the next call of a named action."""

    def __init__(self) -> None:
        """Start with none to lose."""
        self._lock = threading.Lock()
        self._actions: set[str] = set()

    def lose(self, action: str) -> None:
        """Lose the answer of the next call of the action."""
        with self._lock:
            self._actions.add(action)

    def is_lost(self, action: str) -> bool:
        """Whether the answer of this call of the action is to be lost; asked once a call."""
        with self._lock:
            lost = action in self._actions
            self._actions.discard(action)
            return lost
