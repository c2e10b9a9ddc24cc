"""Calls of CloudWatch Logs that may be turned away for a while: tried again for as long as there is time."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_THROTTLED = frozenset(
    {
        "LimitExceededException",  # as many queries under way as there may be
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottledException",
        "ServiceUnavailableException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)

_WORDS = {
    "ResourceNotFoundException": "there is no such log group",
    "AccessDeniedException": "the search may not read it",
}
_UNANSWERED = "CloudWatch Logs did not answer"

FIRST_PAUSE = 0.1
LONGEST_PAUSE = 2.0
"""Seconds."""

TRIES_WITHOUT_ANSWER = 3
"""Of one call. What is only turned away has an answer."""


class OutOfTimeError(Exception):
    """The time is over; nothing is wrong with what was called."""


class RefusedError(Exception):
    """A call that will not succeed.

    Attributes:
        code: AWS's word for why; empty if there was no answer.
        why: The same in a few words, for people.
    """

    def __init__(self, code: str = "") -> None:
        """For this reason.

        Args:
            code: AWS's word.
        """
        self.code = code
        self.why = _WORDS.get(code, f"it cannot be searched: {code}") if code else _UNANSWERED
        super().__init__(self.why)


class Patience:
    """So much time, and pauses in it."""

    def __init__(
        self,
        seconds: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """The time runs from now.

        Args:
            seconds: How much there is.
            clock: The time.
            sleep: Waits so many seconds.
            chance: A number from 0 to 1, so that calls that were turned away together do not come again together.
        """
        self._clock = clock
        self._sleep = sleep
        self._chance = chance
        self._until = clock() + seconds

    @property
    def is_over(self) -> bool:
        """Whether the time is."""
        return self._clock() >= self._until

    def pause(self, seconds: float) -> None:
        """Wait, but not for longer than there is time."""
        self._sleep(max(min(seconds, self._until - self._clock()), 0.0))

    def call(self, operation: Callable[..., Any], **arguments: Any) -> Any:  # noqa: ANN401 - boto3's answers have no type
        """Call, and again as often as there were too many calls, or a few times if there is no answer.

        Raises:
            OutOfTimeError: There is no time left.
            RefusedError: It was refused, or not answered.
        """
        longest, unanswered = FIRST_PAUSE, 0
        while not self.is_over:
            try:
                return call(operation, **arguments)
            except RefusedError as refused:
                unanswered += not refused.code
                if (refused.code and refused.code not in _THROTTLED) or unanswered == TRIES_WITHOUT_ANSWER:
                    raise
            self.pause(longest * self._chance())
            longest = min(longest * 2, LONGEST_PAUSE)
        raise OutOfTimeError


def call(operation: Callable[..., Any], **arguments: Any) -> Any:  # noqa: ANN401
    """Call once.

    Raises:
        RefusedError: It was refused, or not answered.
    """
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - as late as boto3 itself

    try:
        return operation(**arguments)
    except ClientError as error:
        raise RefusedError(str(error.response["Error"]["Code"])) from error
    except BotoCoreError as error:
        raise RefusedError from error
