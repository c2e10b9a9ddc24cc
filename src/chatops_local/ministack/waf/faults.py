"""What a test can do to calls of AWS WAF: quotas on their rate, conflicts, lost answers, slow propagation."""

from __future__ import annotations

import threading
import time
from collections import defaultdict, deque
from typing import TYPE_CHECKING

from chatops_local.ministack.systems_manager.holds import Holds
from chatops_local.ministack.systems_manager.lost_answers import LostAnswers
from chatops_local.ministack.systems_manager.throttles import Throttles
from chatops_local.ministack.waf.errors import throttled

if TYPE_CHECKING:
    from collections.abc import Callable

    from chatops_local.ministack.emulator import Emulator

CALLS_PER_SECOND = {"Get": 5, "List": 5, "Create": 1, "Put": 1, "Update": 1}
"""Of one account and region, over all operations with the prefix.

https://docs.aws.amazon.com/waf/latest/developerguide/limits.html
"""


class Faults:
    """Every call of AWS WAF passes through these; without being told, they do nothing.

    Args:
        time_scale: what AWS's seconds are multiplied with.
        clock: seconds that only go forward.
    """

    def __init__(self, time_scale: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Start with none."""
        self.holds = Holds()
        self.throttles = Throttles()
        self.lost_answers = LostAnswers()
        self.conflicts = Throttles()
        self._scale = time_scale
        self._clock = clock
        self._lock = threading.Lock()
        self._rates_are_limited = False
        self._calls: dict[tuple[str, str], deque[float]] = defaultdict(deque)
        self._propagation_seconds = 0.0

    @property
    def propagation(self) -> float:
        """Seconds of this machine until a change reaches the edge."""
        return self._propagation_seconds * self._scale

    def apply(self, emulator: Emulator) -> None:
        """Let the controller set them."""
        emulator.calls.update(
            waf_hold=self.holds.hold,
            waf_release=self.holds.release,
            waf_wait_until_held=self.holds.wait_until_held,
            waf_throttle=self.throttles.throttle,
            waf_conflict=self.conflicts.throttle,
            waf_lose_answer=self.lost_answers.lose,
            waf_limit_rates=self.limit_rates,
            waf_propagation=self.propagate_in,
        )

    def limit_rates(self, *, limited: bool) -> None:
        """Refuse what comes quicker than AWS WAF allows."""
        self._rates_are_limited = limited

    def propagate_in(self, seconds: float) -> None:
        """From now on, changes reach the edge so many of AWS's seconds later."""
        self._propagation_seconds = seconds

    def check_rate(self, operation: str, region: str) -> None:
        """Refuse a call that is one too many, whether by the quota or by the test's will.

        Raises:
            WafError: ``ThrottlingException``.
        """
        if self.throttles.is_throttled(operation):
            raise throttled()
        prefix = next((each for each in CALLS_PER_SECOND if operation.startswith(each)), None)
        if not self._rates_are_limited or prefix is None:
            return
        with self._lock:
            now, calls = self._clock(), self._calls[prefix, region]
            while calls and calls[0] <= now - self._scale:
                calls.popleft()
            if len(calls) >= CALLS_PER_SECOND[prefix]:
                raise throttled()
            calls.append(now)
