"""The time that is left to answer Slack."""

from __future__ import annotations

import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

SECONDS = 2.5
"""Slack waits for 3 seconds; half a second is for the way there and back."""

_TIMESTAMP_SECONDS = 1.0  # Slack cuts the fraction off
_LEAST_SECONDS = 1.0  # for a request that comes at the last moment: what it asks for is not to be lost
_MARGIN_SECONDS = 0.2  # to answer before Lambda ends the function
_SHORTEST_WAIT_SECONDS = 0.05


class Deadline:
    """An instant, and what is left until then."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        """`seconds` from now."""
        self._clock = clock
        self._at = clock() + seconds

    @classmethod
    def of_invocation(cls, context: Any) -> Deadline:  # noqa: ANN401 - Lambda's context has no type of its own
        """Slack's time, or the function's own if that is shorter."""
        remaining = context.get_remaining_time_in_millis() / 1000 - _MARGIN_SECONDS
        return cls(min(SECONDS, remaining))

    def count_from(self, timestamp: int, now: float) -> None:
        """Count what it took Slack's request to come here, a cold start above all.

        For a request that comes when Slack has hung up there is nothing to hurry for: it keeps all of its time, in
        which what it asks for is started, or known to have been started before.

        Args:
            timestamp: The second in which Slack sent it, since 1970.
            now: The time, in the same terms.
        """
        left = timestamp + _TIMESTAMP_SECONDS + SECONDS - now
        if left > 0:
            self._at = min(self._at, self._clock() + max(left, _LEAST_SECONDS))

    def left(self) -> float:
        """Seconds until then, less than zero when it is past."""
        return self._at - self._clock()

    def at_most(self, seconds: float) -> float:
        """A timeout for one call: `seconds`, or what is left; never zero, which would mean not to wait at all."""
        return max(min(seconds, self.left()), _SHORTEST_WAIT_SECONDS)
