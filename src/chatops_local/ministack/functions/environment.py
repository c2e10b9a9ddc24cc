"""One execution environment: a process with AWS's runtime client in it, used by one invocation at a time."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatops_local.ministack.functions.clock import PROGRAM
from chatops_local.ministack.functions.invocation import error
from chatops_local.ministack.functions.output import Output
from chatops_local.ministack.functions.runtime_api import RuntimeApi
from chatops_local.reaper import REAPER

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from chatops_local.ministack.functions.clock import ClockFile
    from chatops_local.ministack.functions.invocation import Invocation

INITIALISATION_SECONDS = 10.0
"""https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-ib"""

_POLL_SECONDS = 0.05


@dataclass(frozen=True)
class Blueprint:
    """All that an environment is made from. Equal blueprints may share environments.

    Args:
        code: the unpacked code.
        path: what is on ``PYTHONPATH``.
        handler: the function's handler.
        fingerprint: of everything else and of the configuration, for the pool.
        shifts_clock: whether its clock can be shifted from this machine's.
    """

    code: Path
    path: tuple[Path, ...]
    handler: str
    fingerprint: str
    shifts_clock: bool = False


class Environment:
    """A running execution environment.

    Args:
        blueprint: what it is made from.
        variables: makes its environment variables, given the address of its Runtime API.
        on_line: is called with each line that the function prints.
        clock: what its clock shows; ``None``: this machine's time.
    """

    def __init__(
        self,
        blueprint: Blueprint,
        variables: Callable[[str], Mapping[str, str]],
        on_line: Callable[[str], None],
        clock: ClockFile | None = None,
    ) -> None:
        """Start the process."""
        self.blueprint = blueprint
        self._clock = clock
        self._api = RuntimeApi()
        reading, writing = os.pipe()
        try:
            self._process = subprocess.Popen(  # noqa: S603 - the deployed function is what is to be run
                # -S keeps the packages of this machine off the path, -B keeps the code directory as it is.
                [sys.executable, "-S", "-B", *_program(clock), blueprint.handler],
                cwd=blueprint.code,
                env=dict(variables(self._api.address)),
                stdin=subprocess.DEVNULL,
                stdout=writing,
                stderr=writing,
                start_new_session=True,
            )
        except BaseException:
            os.close(reading)
            self._api.close()
            raise
        finally:
            os.close(writing)
        REAPER.watch(self._process.pid)
        self._output = Output(reading, on_line)
        self._closing = threading.Lock()
        self._closed = False
        self._is_initialised = False

    @property
    def is_usable(self) -> bool:
        """Whether it can take another invocation."""
        return not self._closed and self._process.poll() is None

    def run(self, invocation: Invocation) -> None:
        """Run one invocation to its end, whatever that is, and take in all it printed."""
        if self._initialise(invocation):
            if self._clock is not None:
                self._clock.write(invocation.clock_shift)
            invocation.start_clock()
            self._api.hand_over(invocation)
            self._wait(invocation)
        self._output.drain()

    def close(self) -> None:
        """End the process and everything that it has started."""
        with self._closing:
            if self._closed:
                return
            self._closed = True
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        REAPER.forget(self._process.pid)
        self._output.join()
        self._api.close()

    def _initialise(self, invocation: Invocation) -> bool:
        """Wait until the handler is loaded; otherwise the invocation fails here."""
        if self._is_initialised:
            return True
        # An initialisation that takes longer goes on under the function's own time-out.
        remaining = INITIALISATION_SECONDS + invocation.seconds
        while not self._api.initialised.wait(_POLL_SECONDS):
            remaining -= _POLL_SECONDS
            if self._process.poll() is not None:
                invocation.fail(self._exit_error(invocation))
                return False
            if remaining <= 0:
                self._time_out(invocation)
                return False
        if self._api.initialisation_error is not None:
            invocation.fail(_with_request_id(self._api.initialisation_error, invocation.request_id))
            self.close()
            return False
        self._is_initialised = True
        return True

    def _wait(self, invocation: Invocation) -> None:
        while not invocation.wait(max(0.0, min(_POLL_SECONDS, invocation.remaining_seconds))):
            if self._process.poll() is not None and not invocation.wait(_POLL_SECONDS):
                invocation.fail(self._exit_error(invocation))
                self.close()
            elif invocation.remaining_seconds <= 0 and not invocation.is_finished:
                self._time_out(invocation)

    def _time_out(self, invocation: Invocation) -> None:
        self.close()
        message = f"RequestId: {invocation.request_id} Error: Task timed out after {invocation.seconds:.2f} seconds"
        invocation.fail(error("Sandbox.Timedout", message))

    def _exit_error(self, invocation: Invocation) -> bytes:
        status = self._process.returncode
        how = f"signal: {signal.Signals(-status).name}" if status < 0 else f"exit status {status}"
        reason = "Runtime exited without providing a reason" if status == 0 else f"Runtime exited with error: {how}"
        return error("Runtime.ExitError", f"RequestId: {invocation.request_id} Error: {reason}")


def _program(clock: ClockFile | None) -> list[str]:
    return ["-m", "awslambdaric"] if clock is None else [PROGRAM, str(clock.path)]


def _with_request_id(initialisation_error: bytes, request_id: str) -> bytes:
    """What the runtime reported, for the invocation that met it."""
    report = json.loads(initialisation_error)
    return json.dumps({**report, "requestId": request_id}).encode()
