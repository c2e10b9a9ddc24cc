"""How long a retry waits: MaxDelaySeconds and JitterStrategy, which MiniStack does not know.

https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html#error-handling-retrying-after-an-error
MiniStack waits for 60 seconds at most, whatever the retrier says.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from chatops_local.ministack.private import Untyped, private

if TYPE_CHECKING:
    from collections.abc import Mapping

_find_matching_retrier = private("services.stepfunctions:_find_matching_retrier", "retriers, error, retry_counts")


def apply() -> None:
    """Give retriers the interval that AWS would wait for."""
    _find_matching_retrier.wrap(_with_aws_interval)


def _with_aws_interval(original: Untyped) -> Untyped:
    def find_matching_retrier(retriers: object, error: str, retry_counts: Mapping[int, int]) -> Untyped:
        retrier, index = original(retriers, error, retry_counts)
        if retrier is None:
            return retrier, index
        # MiniStack multiplies by the rate itself; the interval is already that of this attempt.
        return {**retrier, "IntervalSeconds": interval(retrier, retry_counts.get(index, 0)), "BackoffRate": 1}, index

    return find_matching_retrier


def interval(retrier: Mapping[str, Any], retries: int) -> float:
    """Seconds until the next attempt, after so many retries."""
    seconds: float = retrier.get("IntervalSeconds", 1) * retrier.get("BackoffRate", 2.0) ** retries
    seconds = min(seconds, retrier.get("MaxDelaySeconds", seconds))
    return seconds * random.random() if retrier.get("JitterStrategy") == "FULL" else seconds  # noqa: S311 - no secret
