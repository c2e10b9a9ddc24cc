"""What happens when the last run is still under way at the next scheduled time."""

from __future__ import annotations

from enum import Enum


class Overlap(Enum):
    """What happens when another run of the task is still under way at a scheduled time.

    Attributes:
        SKIP: The new run does nothing and says so to `on_failure`; the older one goes on. Best effort: Step Functions
            lists its executions with a delay, so that two runs which begin within the same second or two may both go
            on.
        LOCK: The same, but exactly: a lock in a DynamoDB table, of which a stack gets one. A run that was aborted by
            hand leaves its lock behind until the longest time that it might have taken is over.
        ALLOW: Both go on.
    """

    SKIP = "SKIP"
    LOCK = "LOCK"
    ALLOW = "ALLOW"
