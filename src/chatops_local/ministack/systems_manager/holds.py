"""Calls that are kept waiting, so that a test can change something while a state machine is exactly there."""

from __future__ import annotations

import threading


class Holds:
    """Holds calls of named actions until they are released."""

    def __init__(self) -> None:
        """Start with nothing held."""
        self._changed = threading.Condition()
        self._held: set[str] = set()
        self._waiting: dict[str, int] = {}

    def hold(self, action: str) -> None:
        """Keep every further call of the action waiting."""
        with self._changed:
            self._held.add(action)

    def release(self, action: str) -> None:
        """Let the waiting calls of the action go on, and further ones through."""
        with self._changed:
            self._held.discard(action)
            self._changed.notify_all()

    def pass_through(self, action: str) -> None:
        """Called by each call before it does anything; returns at once unless its action is held."""
        with self._changed:
            self._waiting[action] = self._waiting.get(action, 0) + 1
            self._changed.notify_all()
            self._changed.wait_for(lambda: action not in self._held)
            self._waiting[action] -= 1

    def wait_until_held(self, action: str, seconds: float) -> None:
        """Wait until a call of the action waits.

        Raises:
            TimeoutError: if none comes.
        """
        with self._changed:
            is_waiting = self._changed.wait_for(
                lambda: action in self._held and self._waiting.get(action, 0) > 0, seconds
            )
        if not is_waiting:
            raise TimeoutError(f"no call of {action} was held within {seconds:g} seconds")
