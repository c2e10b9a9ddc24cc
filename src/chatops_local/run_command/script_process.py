"""One run of a script on an instance: output, time limit, and being stopped."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Literal

from .clock import Clock
from .process_groups import kill

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from .process_groups import ProcessGroups

MAX_KEPT = 4 * 1024 * 1024
"""Bytes of each stream that are kept. The rest is read and dropped, so that the script does not block."""

STOPPED_EXIT_CODE = 137
"""What the agent reports for a script that it killed (amazon-ssm-agent: `CommandStoppedPreemptivelyExitCode`)."""

_CHUNK = 65536
_EXIT_CHECK_SECONDS = 0.05

StopReason = Literal["cancelled", "timed out"]


@dataclass(frozen=True)
class ScriptResult:
    """How a script ended. One that was stopped has exit code 137, one that died of a signal -1."""

    exit_code: int
    stdout: bytes
    stderr: bytes
    stopped: StopReason | None = None
    failure: str = ""
    """Why it has no exit code of its own: what killed it, or why it did not start."""


class ScriptProcess:
    """A running script. `wait` drives it; `stop` may be called from any thread, at any time."""

    def __init__(
        self, groups: ProcessGroups, arguments: Sequence[str], *, directory: Path, environment: Mapping[str, str]
    ) -> None:
        """Start it.

        Raises:
            OSError: It cannot be started.
        """
        self._groups = groups
        self._process = groups.start(arguments, directory=directory, environment=environment)
        self._wake_reader, self._wake_writer = os.pipe()
        self._waking = Lock()
        self._output: dict[int, bytearray] = {}

    def stop(self) -> None:
        """Kill it and everything that it started in its process group."""
        with self._waking:
            if self._wake_writer >= 0:
                os.write(self._wake_writer, b"x")

    def wait(self, deadline: float) -> ScriptResult:
        """Read its output until it ends, is stopped, or `deadline` passes.

        A script ends when its output does: a background process that still holds the pipe keeps it running, on AWS too
        (https://github.com/golang/go/issues/13155, which the agent's own source refers to).
        """
        try:
            stopped = self._drive(deadline)
            if stopped:
                kill(self._process.pid)
            return self._result(self._process.wait(), stopped)
        finally:
            self._close()

    def _drive(self, deadline: float) -> StopReason | None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._wake_reader, selectors.EVENT_READ)
            for pipe in (self._process.stdout, self._process.stderr):
                assert pipe is not None  # noqa: S101 - for the type checker: both were asked for
                self._output[pipe.fileno()] = bytearray()
                selector.register(pipe.fileno(), selectors.EVENT_READ)
            while not self._ended(selector):
                if not Clock.left(deadline):
                    return "timed out"
                ready = {key.fd for key, _ in selector.select(self._longest_pause(selector, deadline))}
                for fd in ready - {self._wake_reader}:
                    self._read(fd, selector)
                if self._wake_reader in ready:
                    return "cancelled"
        return None

    def _ended(self, selector: selectors.BaseSelector) -> bool:
        if _open_pipes(selector):
            return False
        try:
            self._process.wait(_EXIT_CHECK_SECONDS)
        except subprocess.TimeoutExpired:
            return False
        return True

    @staticmethod
    def _longest_pause(selector: selectors.BaseSelector, deadline: float) -> float:
        # Without pipes there is nothing that would wake us when the script ends, which closed its output before.
        return Clock.left(deadline) if _open_pipes(selector) else 0

    def _read(self, fd: int, selector: selectors.BaseSelector) -> None:
        chunk = os.read(fd, _CHUNK)
        if not chunk:
            selector.unregister(fd)
        kept = self._output[fd]
        kept += chunk[: MAX_KEPT - len(kept)]

    def _result(self, return_code: int, stopped: StopReason | None) -> ScriptResult:
        stdout, stderr = (bytes(kept) for kept in self._output.values())
        if stopped:
            return ScriptResult(STOPPED_EXIT_CODE, stdout, stderr, stopped)
        if return_code < 0:
            name = (signal.strsignal(-return_code) or str(-return_code)).lower()
            return ScriptResult(-1, stdout, stderr, failure=f"signal: {name}")
        return ScriptResult(return_code, stdout, stderr)

    def _close(self) -> None:
        for pipe in (self._process.stdout, self._process.stderr):
            if pipe is not None:
                pipe.close()
        with self._waking:
            os.close(self._wake_reader)
            os.close(self._wake_writer)
            self._wake_writer = -1
        self._groups.forget_if_empty(self._process.pid)


def _open_pipes(selector: selectors.BaseSelector) -> int:
    return len(selector.get_map()) - 1  # all but the one that wakes
