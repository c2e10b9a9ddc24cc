"""How many requests came lately, for rate-based statements."""

from __future__ import annotations

import threading
import time
from collections import defaultdict, deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable


class Rates:
    """Counts requests by what they are aggregated on.

    AWS WAF looks a few times a minute and lags behind; this counts exactly and at once, which is the strictest that it
    can be: https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-rate-based-caveats.html

    Args:
        time_scale: what AWS's seconds are multiplied with.
        clock: seconds that only go forward.
    """

    def __init__(self, time_scale: float = 1.0, clock: Callable[[], float] = time.monotonic) -> None:
        """Start with none."""
        self._scale = time_scale
        self._clock = clock
        self._lock = threading.Lock()
        self._times: dict[Hashable, deque[float]] = defaultdict(deque)

    def count(self, key: Hashable, window_seconds: float) -> int:
        """One more request; returns how many came within the window, this one included."""
        now = self._clock()
        with self._lock:
            times = self._times[key]
            times.append(now)
            while times[0] <= now - window_seconds * self._scale:
                times.popleft()
            return len(times)
