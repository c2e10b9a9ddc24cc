"""The wish that an invocation ends, and the script that has to hear of it."""

from __future__ import annotations

from threading import Lock
from typing import Protocol


class Stoppable(Protocol):
    """A script that runs."""

    def stop(self) -> None:
        """Kill it."""


class Cancellation:
    """Once requested, it stops the script that runs and every one that is about to."""

    def __init__(self) -> None:
        """Start without a request and without a script."""
        self._lock = Lock()
        self._requested = False
        self._process: Stoppable | None = None

    @property
    def requested(self) -> bool:
        """Whether the invocation is to end."""
        return self._requested

    def request(self) -> None:
        """Ask for the end."""
        with self._lock:
            self._requested = True
            if self._process is not None:
                self._process.stop()

    def watch(self, process: Stoppable) -> None:
        """Stop `process` when the end is asked for, or at once if it was already."""
        with self._lock:
            self._process = process
            if self._requested:
                process.stop()
