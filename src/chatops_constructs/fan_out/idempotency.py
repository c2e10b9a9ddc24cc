"""Jobs that come twice are done once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aws_cdk import Duration


@dataclass(frozen=True)
class Idempotency:
    """Jobs that come twice are done once: SNS, SQS and Lambda deliver at least once, and producers are run again.

    A job is claimed in a table before it is begun, and known there once it is done. A claim whose invocation crashed
    ends with that invocation's time.

    Example:
        from aws_cdk import Duration
        from chatops_constructs import Idempotency

        Idempotency(remembered=Duration.hours(6))

    Attributes:
        remembered: For how long a job that is done is known, so that one with the same key is skipped: at least as long
            as a message may take to come again, which is the queue's visibility time-out. Keys that are made of the
            content (`chatops_runtime.Job`) are the same in the next run: keep this below the time between two runs, or
            give each run a name (`FanOut.publish(…, run=…)`). Default: 15 minutes, or twice the visibility time-out if
            that is longer.
    """

    remembered: Duration | None = None
