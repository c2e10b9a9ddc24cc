"""Ends processes that would outlive the process that has started them, however that ends: by SIGKILL as well.

A small process of its own has a pipe to the one that starts things. It is told of process groups, and when the pipe
ends it kills those that were not taken back: nothing that a local cloud has started goes on unseen.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from contextlib import suppress
from typing import IO

_PROGRAM = """
import os, signal, sys
groups = set()
for line in sys.stdin:
    (groups.add if line[0] == "+" else groups.discard)(int(line[1:]))
for group in groups:
    try:
        os.killpg(group, signal.SIGKILL)
    except OSError:
        pass
"""


class Reaper:
    """Watches over process groups; its process starts with the first one."""

    def __init__(self) -> None:
        """Start nothing yet."""
        self._lock = threading.Lock()
        self._pipe: IO[str] | None = None

    def watch(self, group: int) -> None:
        """Have a process group killed when this process ends."""
        self._tell(f"+{group}\n")

    def forget(self, group: int) -> None:
        """Leave a process group alone from now on: it has ended, and its number may be given to another one."""
        self._tell(f"-{group}\n")

    def _tell(self, line: str) -> None:
        with self._lock, suppress(OSError):
            if self._pipe is None:
                self._pipe = _start()
            self._pipe.write(line)
            self._pipe.flush()


def _start() -> IO[str]:
    process = subprocess.Popen(  # noqa: S603 - our own program
        # -I and -S: it needs nothing, and is to start at once.
        [sys.executable, "-I", "-S", "-c", _PROGRAM],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
        # A signal to this process's group is not for it.
        start_new_session=True,
    )
    if process.stdin is None:  # pragma: no cover - it was asked for
        raise OSError("the reaper has no pipe")
    return process.stdin


REAPER = Reaper()
"""The one of this process."""
