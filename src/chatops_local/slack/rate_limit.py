"""One message a second and channel, with short bursts (https://docs.slack.dev/apis/web-api/rate-limits)."""

from __future__ import annotations

import math
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

BURST = 3
"""Slack says "short bursts" and no number: the double allows few, so that code which relies on bursts is found."""


class RateLimit:
    """A bucket per key, refilled once a second."""

    def __init__(self, clock: Callable[[], float], *, burst: int = BURST) -> None:
        """Allow `burst` at once, then one a second of `clock`."""
        self._clock = clock
        self._burst = burst
        self._buckets: dict[Hashable, tuple[float, float]] = {}
        self._lock = threading.Lock()

    def retry_after(self, key: Hashable) -> int | None:
        """Take one from the bucket of `key`: `None`; or, if it is empty, after how many seconds to come again."""
        with self._lock:
            now = self._clock()
            level, since = self._buckets.get(key, (float(self._burst), now))
            level = min(float(self._burst), level + (now - since))
            allowed = level >= 1
            self._buckets[key] = (level - 1 if allowed else level, now)
            return None if allowed else max(1, math.ceil(1 - level))
