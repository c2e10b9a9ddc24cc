"""The wish that an invocation ends, and the script that has to hear of it."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .script_process import ScriptProcess


class Cancellation:
    """Once requested, it stops the script that runs and every one that is about to."""

    def __init__(self) -> None:
        """Start without a request and without a script."""
        self._lock = Lock()
        self._requested = False
        self._process: ScriptProcess | None = None

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

    def watch(self, process: ScriptProcess) -> None:
        """Stop `process` when the end is asked for, or at once if it was already."""
        with self._lock:
            self._process = process
            if self._requested:
                process.stop()
