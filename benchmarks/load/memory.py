"""What the local cloud takes of this machine: the processes below this one, as Linux counts them."""

from __future__ import annotations

import os
import threading
import time
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_EMULATOR = "chatops_local.ministack"
_FUNCTION = "awslambdaric"
_PAGE = os.sysconf("SC_PAGE_SIZE")
_PARENT, _RSS_PAGES = 1, 21
"""Of the fields after the name: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html"""
_MEBIBYTE = 1024 * 1024


@dataclass(frozen=True)
class Memory:
    """Resident memory at one moment, in MiB; what processes share is in each.

    Attributes:
        seconds: Since the first look.
        emulator: The emulator's own process.
        functions: All environments of functions together.
        environments: How many of these there are: each is a process.
        clients: This process: the clients and the double of Slack.
    """

    seconds: float
    emulator: float
    functions: float
    environments: int
    clients: float


class MemoryWatch:
    """Looks now and then, in a thread of its own, while it is entered."""

    def __init__(self, every: float) -> None:
        """Look every so many seconds."""
        self._every = every
        self._began = time.monotonic()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="memory", daemon=True)
        self.looks: list[Memory] = []

    def __enter__(self) -> MemoryWatch:
        """Look for the first time, and again and again."""
        self.looks.append(self._look())
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Look for the last time."""
        self._over.set()
        self._thread.join()
        self.looks.append(self._look())

    def _watch(self) -> None:
        while not self._over.wait(self._every):
            self.looks.append(self._look())

    def _look(self) -> Memory:
        below = _descendants(os.getpid())
        emulators = [pid for pid in below if _EMULATOR in _command_line(pid)]
        functions = [pid for pid in below if _FUNCTION in _command_line(pid)]
        return Memory(
            seconds=round(time.monotonic() - self._began, 1),
            emulator=_resident(emulators),
            functions=_resident(functions),
            environments=len(functions),
            clients=_resident([os.getpid()]),
        )


def _descendants(ancestor: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for process in _PROC.glob("[0-9]*"):
        fields = _stat(int(process.name))
        if fields:
            children.setdefault(int(fields[_PARENT]), []).append(int(process.name))
    found, left = [], [ancestor]
    while left:
        below = children.get(left.pop(), [])
        found += below
        left += below
    return found


def _stat(pid: int) -> list[str]:
    """The fields after the name, which is in brackets; none of a process that has ended."""
    try:
        return (_PROC / str(pid) / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    except OSError:
        return []


def _command_line(pid: int) -> str:
    try:
        return (_PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    except OSError:
        return ""


def _resident(pids: list[int]) -> float:
    pages = sum(int(fields[_RSS_PAGES]) for pid in pids if (fields := _stat(pid)))
    return round(pages * _PAGE / _MEBIBYTE, 1)
