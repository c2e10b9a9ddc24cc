"""Which troubles with AWS pass, and how long to wait for that."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, Any, TypeVar

from botocore.exceptions import ClientError, HTTPClientError

from chatops_runtime.log_line import LoggableError

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

CONFLICT = "WAFOptimisticLockException"
"""Somebody else wrote since the content was read: https://docs.aws.amazon.com/waf/latest/APIReference/API_UpdateIPSet.html"""

GONE = "WAFNonexistentItemException"
"""The set was replaced since its id was looked up."""

PASSING = frozenset(
    {
        CONFLICT,
        GONE,
        "WAFInternalErrorException",
        "WAFUnavailableEntityException",
        # https://docs.aws.amazon.com/waf/latest/APIReference/CommonErrors.html
        "InternalFailure",
        "RequestLimitExceeded",
        "ServiceUnavailable",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)

# AWS WAF takes one update a second of an account in a region, and five reads
# (https://docs.aws.amazon.com/waf/latest/developerguide/limits.html).
FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 8.0


class OutOfTimeError(LoggableError):
    """The deadline passed first."""


def passes(error: Exception) -> bool:
    """Whether it may work if it is tried again."""
    if isinstance(error, ClientError):
        status = _part(error, "ResponseMetadata").get("HTTPStatusCode", 0)
        return name_of(error) in PASSING or status >= 500
    # No answer, or none in time: an update may have happened, which the next look tells.
    return isinstance(error, HTTPClientError)


class Patience:
    """Tries again, at growing random distances, until it works or a deadline passes."""

    def __init__(
        self,
        now: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
        uniform: Callable[[float, float], float] = random.uniform,
        *,
        passes: Callable[[Exception], bool] = passes,
        first_pause: float = FIRST_PAUSE_SECONDS,
        longest_pause: float = LONGEST_PAUSE_SECONDS,
    ) -> None:
        """With a clock.

        Args:
            now: Unix time in seconds.
            sleep: Waits so many seconds.
            uniform: A random number between two.
            passes: Whether it may work if it is tried again. Default: what AWS WAF says when it may.
            first_pause: Seconds, of which twice as much is the most before the second try.
            longest_pause: Seconds, the most before any.
        """
        self._now = now
        self._sleep = sleep
        self._uniform = uniform
        self._passes = passes
        self._first_pause = first_pause
        self._longest_pause = longest_pause

    def until_it_works(self, action: Callable[[], T], *, deadline: float) -> T:
        """What `action` returns, which is called once at least, and one last time at the deadline.

        Args:
            action: What to try.
            deadline: Unix time in seconds.

        Raises:
            Exception: What `action` raised, if it does not pass by waiting.
            OutOfTimeError: There was no time left.
        """
        tries = 0
        while True:
            tries += 1
            try:
                return action()
            except Exception as error:
                if not self._passes(error):
                    raise
                self._wait(error, tries, deadline)

    def _wait(self, error: Exception, tries: int, deadline: float) -> None:
        left = deadline - self._now()
        if left <= 0:
            raise OutOfTimeError(f"tried {tries} times until the deadline; at last: {name_of(error)}") from error
        longest = min(self._first_pause * 2**tries, self._longest_pause)
        # Random over the whole distance: many who began at once shall not come again at once.
        self._sleep(min(self._uniform(self._first_pause / 10, longest), left))


def name_of(error: Exception) -> str:
    """AWS's own word for it, or Python's."""
    if isinstance(error, ClientError):
        return str(_part(error, "Error").get("Code", "unknown"))
    return type(error).__name__


def _part(error: ClientError, name: str) -> dict[str, Any]:
    part: dict[str, Any] = dict(error.response).get(name) or {}  # type: ignore[assignment]
    return part
