"""The jobs that are measured, and how fast time passes for each."""

from __future__ import annotations

from dataclasses import dataclass

MINUTE, HOUR = 60, 3600

# Each job runs once as long as expected, and then a little longer, so that it ends at another moment between two looks:
# by a part of its length, but by so many seconds at most.
LONGER = ((0.0, 0), (0.03, 10), (0.07, 25))


@dataclass(frozen=True)
class Job:
    """A job of one length, run some times.

    Attributes:
        name: Its length in words.
        seconds: Its length.
        time_scale: How many seconds one second of AWS takes.
        longer: One run for each: by what part it takes longer, and by how many seconds at most.
        timeout: How long the script may take, in seconds.
        usual: What is given as `expected_duration`, in seconds, if it is not the job's length.
    """

    name: str
    seconds: int
    time_scale: float
    longer: tuple[tuple[float, int], ...] = LONGER
    timeout: int = HOUR
    usual: int | None = None

    @property
    def expected(self) -> int:
        """`expected_duration`, in seconds."""
        return self.usual or self.seconds

    @property
    def lengths(self) -> tuple[float, ...]:
        """How long each run takes, in AWS's seconds."""
        return tuple(self.seconds + min(self.seconds * part, most) for part, most in self.longer)


JOBS = (
    Job("1 s", 1, 1.0),
    Job("30 s", 30, 1.0),
    Job("1 min", MINUTE, 0.5),
    Job("5 min", 5 * MINUTE, 0.1),
    Job("15 min", 15 * MINUTE, 0.04),
    Job("1 h", HOUR, 0.02, timeout=2 * HOUR),
    Job("24 h", 24 * HOUR, 0.002, longer=LONGER[:2], timeout=25 * HOUR),
)

# Far from what is expected: measured, but no goal speaks of it.
OFF_THE_HINT = (
    Job("2 min, hint 5 min", 2 * MINUTE, 0.1, usual=5 * MINUTE),
    Job("15 min, hint 5 min", 15 * MINUTE, 0.04, usual=5 * MINUTE),
)

# One run for each delay of the events, in seconds; none ends near a look.
DELAYS = (0, 1, 2, 3, 4, 5)
DELAYED = Job("10 s", 10, 0.5, longer=LONGER[:1] * len(DELAYS), usual=24)

# What Systems Manager and the agent take before a script starts, and its event after it has ended.
PICKUP_SECONDS = 1.0
EVENT_DELAY = 1.0
