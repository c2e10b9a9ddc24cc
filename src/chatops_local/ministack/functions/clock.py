"""The wall clock that functions, state machines and Run Command see: this machine's, shifted to simulated time."""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from chatops_local.ministack.functions.process import shifted_clock
from chatops_local.ministack.private import Untyped, private

if TYPE_CHECKING:
    from pathlib import Path

_request_time_failure = private("core.sigv4:request_time_failure", "signature, now")

PROGRAM = shifted_clock.__file__
"""Starts the runtime client with a shifted clock."""


class Clock:
    """By how much it is shifted."""

    def __init__(self) -> None:
        """Start with this machine's time."""
        self._shifts = [0.0]

    @property
    def shift(self) -> float:
        """Seconds, for what begins now. What is under way keeps the clock that it began with."""
        return self._shifts[-1]

    @property
    def was_shifted(self) -> bool:
        """Whether it ever was: until then functions are started without anything between them and their clock."""
        return len(self._shifts) > 1

    def now(self) -> float:
        """The Unix time that it shows."""
        return time.time() + self.shift

    def shift_to(self, seconds: float) -> None:
        """Shift it, from this machine's time."""
        if seconds != self.shift:
            self._shifts.append(seconds)

    def admit_signatures(self) -> None:
        """Let requests in that were signed by this clock, as well as those signed by this machine's.

        https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html: what was signed more than
        5 minutes before or after is refused.
        """
        _request_time_failure.wrap(self._judging_time)

    def _judging_time(self, original: Untyped) -> Untyped:
        def request_time_failure(signature: Untyped, *, now: datetime | None = None) -> Untyped:
            failure = original(signature, now=now)
            moment = now or datetime.now(timezone.utc)
            # Those before the last one may be of invocations that are under way.
            others = (original(signature, now=moment + timedelta(seconds=shift)) for shift in reversed(self._shifts))
            return None if failure is None or any(other is None for other in others) else failure

        return request_time_failure


class ClockFile:
    """By how much the clock of one process is shifted, for that process to read."""

    def __init__(self, path: Path, seconds: float) -> None:
        """Write the file."""
        self.path = path
        self.write(seconds)

    def write(self, seconds: float) -> None:
        """Shift the clock."""
        # In place and in one piece: the process has it in its memory.
        with self.path.open("r+b" if self.path.exists() else "wb", buffering=0) as file:
            file.write(shifted_clock.SECONDS.pack(seconds))
