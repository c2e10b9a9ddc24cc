"""How long a fan-out takes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from chatops_constructs._durations import in_seconds, of_seconds
from chatops_runtime.contracts.fan_out import MARGIN

if TYPE_CHECKING:
    from aws_cdk import Duration


def drain_time(jobs: int, *, latency: Duration, max_concurrency: int, per_second: float | None) -> Duration:
    """How long it takes until so many jobs are done, in whole seconds.

    Args:
        jobs: How many.
        latency: How long one of them takes.
        max_concurrency: How many are done at a time.
        per_second: How many are begun in a second; None: as many as there are.
    """
    by_concurrency = jobs * in_seconds(latency) / max_concurrency
    by_rate = 0.0 if per_second is None else jobs * MARGIN / per_second
    return of_seconds(math.ceil(max(by_concurrency, by_rate)))
