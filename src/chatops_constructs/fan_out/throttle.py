"""How many jobs at a time, and in which time: what was asked for, checked, and what follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatops_constructs._durations import check_duration, in_seconds, of_seconds
from chatops_constructs._problems import is_token
from chatops_runtime.contracts import fan_out as contract
from chatops_runtime.contracts.fan_out import MARGIN

if TYPE_CHECKING:
    from aws_cdk import Duration

    from chatops_constructs._problems import Problems
    from chatops_constructs.fan_out.idempotency import Idempotency

# https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html#events-sqs-max-concurrency
CONCURRENCY = range(2, 1001)
# Without a batching window: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
BATCH_SIZES = range(1, 11)
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html; the first
# receive may end in a crash that is not the job's fault.
RECEIVES = range(2, 1001)
# https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html: "at least six times".
TIMEOUTS_IN_VISIBILITY = 6
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
LONGEST_VISIBILITY = 12 * 3600
RETENTION_SECONDS = (60, 14 * 24 * 3600)
# Dead letters are kept for 14 days from their publishing, of which some are to be left:
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
RETENTION = 4 * 24 * 3600
# An item takes 1,000 writes in a second, and a slot is one of them, or two:
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html
MOST_PER_SECOND = 400
SHORTEST_JOB = 0.1

REMEMBERED = 15 * 60
LONGEST_REMEMBERED = 365 * 24 * 3600
RETRY = 30


@dataclass(frozen=True)
class Throttle:
    """The numbers of a fan-out, durations in seconds.

    Attributes:
        max_concurrency: How many invocations at a time.
        batch_size: How many jobs an invocation takes at most.
        per_second: How many jobs begin in a second; None: as many as there are.
        timeout: The consumer's.
        longest_job: With less time than this left, no job is begun.
    """

    max_concurrency: int
    batch_size: int
    per_second: float | None
    timeout: float
    longest_job: float | None

    @property
    def wait(self) -> float:
        """For how long a job waits for its slot at most, when all invocations want one."""
        return 0.0 if self.per_second is None else self.max_concurrency * MARGIN / self.per_second

    @property
    def room(self) -> float:
        """What is left for each job of a full batch."""
        return (self.timeout - contract.BOOKKEEPING_SECONDS) / self.batch_size - self.wait

    @property
    def longest(self) -> float:
        """The longest job: as declared, or what there is room for."""
        return self.room if self.longest_job is None else self.longest_job

    def check(self, problems: Problems) -> None:
        """Note what does not go together; each number by itself first."""
        known = problems.count
        _check_whole(problems, "max_concurrency", self.max_concurrency, CONCURRENCY, _concurrency_remedy(self))
        _check_whole(problems, "batch_size", self.batch_size, BATCH_SIZES, "choose one of these")
        if self.per_second is not None:
            problems.check(
                isinstance(self.per_second, int | float)
                and not isinstance(self.per_second, bool)
                and 0 < self.per_second <= MOST_PER_SECOND,
                "per_second",
                self.per_second,
                f"a number above 0, up to {MOST_PER_SECOND}",
                "leave it out, so that only max_concurrency throttles, if more is allowed",
                tokens=False,
            )
        if problems.count == known:
            self._check_together(problems)

    def _check_together(self, problems: Problems) -> None:
        shortest = SHORTEST_JOB if self.longest_job is None else self.longest_job
        if self.room >= shortest:
            return
        batch = f"{self.batch_size} {'job' if self.batch_size == 1 else 'jobs'} one after the other"
        within = f"within the consumer's timeout of {_spelled(self.timeout)}"
        for_each = (self.timeout - contract.BOOKKEEPING_SECONDS) / self.batch_size
        if self.per_second is None or for_each <= shortest:
            problems.check(
                False,
                "longest_job" if self.longest_job is not None else "batch_size",
                _spelled(self.longest_job) if self.longest_job is not None else self.batch_size,
                f"what lets an invocation do {batch} {within}: {_spelled(max(0.0, for_each))} for each",
                "give the consumer a longer timeout, or choose a smaller batch_size",
            )
            return
        lowest = self.max_concurrency * MARGIN / (for_each - shortest)
        problems.check(
            False,
            "per_second",
            self.per_second,
            f"{lowest:.3g} and more with a max_concurrency of {self.max_concurrency} and a batch_size of "
            f"{self.batch_size}: an invocation does {batch} {within}, and each waits up to {_spelled(self.wait)} for "
            f"its slot and takes {_spelled(shortest)} or more",
            "choose a smaller batch_size or max_concurrency, or give the consumer a longer timeout",
        )


def visibility_of(problems: Problems, given: Duration | None, timeout: float) -> float:
    """The queue's visibility time-out: as given, if that is long enough for the consumer, or six times its timeout."""
    least = TIMEOUTS_IN_VISIBILITY * timeout
    if given is None:
        return least
    check_duration(problems, "visibility_timeout", given, least=least, most=LONGEST_VISIBILITY)
    return in_seconds(given)


def remembered_of(problems: Problems, idempotency: Idempotency, visibility: float) -> float:
    """For how long jobs that are done are known."""
    if idempotency.remembered is None:
        return max(REMEMBERED, 2 * visibility)
    check_duration(
        problems, "idempotency.remembered", idempotency.remembered, least=visibility, most=LONGEST_REMEMBERED
    )
    return in_seconds(idempotency.remembered)


def check_receives(problems: Problems, max_receives: int) -> None:
    """Note a problem with the number of tries."""
    _check_whole(
        problems, "max_receives", max_receives, RECEIVES, "choose 5 or so: an invocation that crashes counts as well"
    )


def _check_whole(problems: Problems, parameter: str, value: object, allowed: range, remedy: str) -> None:
    problems.check(
        isinstance(value, int) and not isinstance(value, bool) and not is_token(value) and value in allowed,
        parameter,
        value,
        f"a whole number from {allowed[0]} to {allowed[-1]}",
        remedy,
        tokens=False,
    )


def _concurrency_remedy(throttle: Throttle) -> str:
    if throttle.max_concurrency == 1:
        return (
            "Lambda lets a queue have no fewer than two invocations: for calls that must not overlap use a FIFO queue "
            "with one message group, for calls that must not come too often say per_second"
        )
    return "choose how many invocations may run at a time"


def _spelled(seconds: float) -> str:
    return of_seconds(round(seconds, 3)).to_human_string() if seconds == int(seconds) else f"{seconds:.3g} s"
