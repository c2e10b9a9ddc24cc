"""Time as AWS counts it, shortened for local runs."""

from __future__ import annotations

import time
from datetime import datetime, timezone
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Clock:
    """Time stamps of a wall clock; waits of nominal AWS seconds last `time_scale` real seconds each."""

    def __init__(self, time_scale: float = 1.0, wall_clock: Callable[[], float] = time.time) -> None:
        """Take the length of one nominal second, in real seconds, and what says the Unix time."""
        if time_scale <= 0:
            raise ValueError(f"time_scale {time_scale}: a number greater than 0 is allowed, such as 0.05")
        self._time_scale = time_scale
        self._wall_clock = wall_clock

    def now(self) -> float:
        """Seconds since the epoch: the form of every timestamp in AWS's JSON 1.1 protocol."""
        return self._wall_clock()

    def deadline(self, nominal_seconds: float) -> float:
        """The moment, on the monotonic clock, that lies `nominal_seconds` ahead."""
        return time.monotonic() + nominal_seconds * self._time_scale

    @staticmethod
    def left(deadline: float) -> float:
        """Real seconds until `deadline`, 0 once it has passed."""
        return max(0.0, deadline - time.monotonic())


def iso8601(timestamp: float | None) -> str:
    """`timestamp` as GetCommandInvocation writes it; empty for a moment that has not come."""
    if timestamp is None:
        return ""
    return datetime.fromtimestamp(timestamp, tz=timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
