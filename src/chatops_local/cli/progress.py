"""Says what is going on before the first command, and how long it took."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from chatops_local.cli.style import Style

if TYPE_CHECKING:
    from collections.abc import Iterator


class Progress:
    """One line a step, on standard error, so that standard output holds the results alone."""

    def __init__(self, stream: TextIO) -> None:
        """Write to `stream`."""
        self._stream = stream
        self._style = Style.of(stream)
        self.seconds: dict[str, float] = {}

    @contextmanager
    def step(self, name: str, description: str) -> Iterator[None]:
        """Show `description` while the step runs, then its seconds."""
        self._stream.write(f"{description} … ")
        self._stream.flush()
        started = time.perf_counter()
        try:
            yield
        except BaseException:
            self._stream.write(self._style.bad("failed") + "\n")
            raise
        self.seconds[name] = time.perf_counter() - started
        self._stream.write(self._style.faint(f"{self.seconds[name]:.1f} s") + "\n")
        self._stream.flush()
