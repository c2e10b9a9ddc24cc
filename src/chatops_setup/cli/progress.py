"""Says what is being done while it takes time."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Iterator

_ERASED = "\r\x1b[K"


class Progress:
    """On a terminal a line that goes away when the step is over; else a line a step, with its seconds."""

    def __init__(self, stream: TextIO) -> None:
        """Write to `stream`, which is not that of the results."""
        self._stream = stream
        self._is_terminal = stream.isatty()

    @contextmanager
    def step(self, description: str) -> Iterator[None]:
        """Show `description` while the step runs."""
        self._write(f"{description} … ")
        began = time.monotonic()
        try:
            yield
        except BaseException:
            self._write("failed\n")
            raise
        self._write(_ERASED if self._is_terminal else f"{time.monotonic() - began:.1f} s\n")

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()
