"""The processes that an instance's scripts have started."""

from __future__ import annotations

import os
import signal
import subprocess
from threading import Lock
from typing import TYPE_CHECKING

from chatops_local.reaper import REAPER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


class ProcessGroups:
    """Starts scripts, each the leader of a session of its own, and can end every one of them.

    What a script leaves running in the background lives on, as it does on a real instance, until `kill_all`.
    """

    def __init__(self) -> None:
        """Start with none."""
        self._lock = Lock()
        self._ids: set[int] = set()
        self._closed = False

    def start(
        self, arguments: Sequence[str], *, directory: Path, environment: Mapping[str, str]
    ) -> subprocess.Popen[bytes]:
        """Start a process with pipes for its output and nothing to read.

        Raises:
            ProcessLookupError: `kill_all` was called: there is no instance any more.
            OSError: The process cannot be started.
        """
        with self._lock:
            if self._closed:
                raise ProcessLookupError("the instance is terminated")
            process = subprocess.Popen(  # noqa: S603 - running the user's own script is what this is for
                arguments,
                cwd=directory,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
            self._ids.add(process.pid)
            REAPER.watch(process.pid)
            return process

    def forget_if_empty(self, group: int) -> None:
        """Drop a group whose leader was waited for, unless it has other members.

        As long as it has some, the system gives its id to no other group.
        """
        with self._lock:
            if not _signal(group, 0):
                self._ids.discard(group)
                REAPER.forget(group)

    def kill_all(self) -> None:
        """Kill every process, and start none from now on."""
        with self._lock:
            self._closed = True
        self.kill_running()

    def kill_running(self) -> None:
        """Kill every process that runs now."""
        with self._lock:
            while self._ids:
                group = self._ids.pop()
                kill(group)
                REAPER.forget(group)


def kill(group: int) -> None:
    """Kill every process of the group; one that is gone is no error."""
    _signal(group, signal.SIGKILL)


def _signal(group: int, number: int) -> bool:
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):  # macOS answers "not permitted" for a group of zombies
        return False
    return True
