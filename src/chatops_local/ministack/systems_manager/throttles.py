"""Calls that are refused because there were too many: nothing is carried out."""

from __future__ import annotations

import threading


class Throttles:
    """Refuses the next calls of a named action."""

    def __init__(self) -> None:
        """Start without any to refuse."""
        self._lock = threading.Lock()
        self._left: dict[str, int] = {}

    def throttle(self, action: str, times: int) -> None:
        """Refuse the next so many calls of the action."""
        if times < 0:
            raise ValueError(f"times {times}: 0 or more is allowed")
        with self._lock:
            self._left[action] = times

    def is_throttled(self, action: str) -> bool:
        """Whether this call of the action is to be refused; asked once a call."""
        with self._lock:
            left = self._left.get(action, 0)
            self._left[action] = max(0, left - 1)
            return left > 0
