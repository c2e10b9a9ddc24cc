"""What a function prints, line by line, without waiting for lines that may not come."""

from __future__ import annotations

import os
import select
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_READ_BYTES = 65536


class Output:
    """Reads the pipe that a function's standard output and error go to.

    A thread reads it all the time, so that a function which prints much never blocks. When a function has answered,
    everything it printed before is in the pipe already: :meth:`drain` takes exactly that and returns at once.
    """

    def __init__(self, pipe: int, on_line: Callable[[str], None]) -> None:
        """Start to read.

        Args:
            pipe: the reading end; closed at the end of the output.
            on_line: is called with each line.
        """
        os.set_blocking(pipe, False)
        self._pipe = pipe
        self._on_line = on_line
        self._rest = b""
        self._ended = False
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._follow, name="function-output", daemon=True)
        self._thread.start()

    def drain(self) -> None:
        """Take what is in the pipe now."""
        with self._lock:
            while not self._ended and self._read():
                pass

    def join(self) -> None:
        """Wait for the end, which comes when the process has ended."""
        self._thread.join(timeout=1)

    def _follow(self) -> None:
        poller = select.poll()
        poller.register(self._pipe, select.POLLIN)
        while not self._ended:
            poller.poll()
            self.drain()
        os.close(self._pipe)

    def _read(self) -> bool:
        """Read once; tells whether there may be more."""
        try:
            data = os.read(self._pipe, _READ_BYTES)
        except BlockingIOError:
            return False
        if not data:
            self._ended = True
            data = b"\n" if self._rest else b""
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            # The runtime client ends the lines inside a stack trace with a carriage return.
            self._on_line(line.decode("utf-8", "replace").rstrip("\r"))
        return not self._ended
