"""What a fan-out was asked for, checked all together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aws_cdk import Duration
from aws_cdk import aws_lambda as lambda_

from chatops_constructs._durations import check_duration, in_seconds
from chatops_constructs._problems import Problems
from chatops_constructs.fan_out import throttle as limits
from chatops_constructs.fan_out.job_function import JobFunction
from chatops_constructs.fan_out.throttle import Throttle

if TYPE_CHECKING:
    from constructs import Construct

    from chatops_constructs.fan_out.idempotency import Idempotency

# https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html
DEFAULT_TIMEOUT = 3.0
A_JOB_FUNCTION = "None for a consumer that is no JobFunction, about whose work nothing is known here"


@dataclass(frozen=True)
class Checked:
    """What follows from the parameters, durations in seconds.

    Attributes:
        visibility: The queue's visibility time-out.
        retention: How long a job waits at most.
        longest_job: With less time than this left, none is begun.
        retry: After how long a job is tried again that failed for the first time.
        remembered: For how long jobs that are done are known; None: they are not.
    """

    visibility: float
    retention: float
    longest_job: float
    retry: float
    remembered: float | None

    @classmethod
    def of(
        cls,
        fan_out: Construct,
        *,
        consumer: lambda_.IFunction,
        max_concurrency: int,
        per_second: float | None,
        batch_size: int,
        longest_job: Duration | None,
        max_receives: int,
        retry_after: Duration | None,
        idempotency: Idempotency | None,
        visibility_timeout: Duration | None,
        retention: Duration | None,
    ) -> Checked:
        """Check the parameters of `ThrottledFanOut`.

        Raises:
            ValueError: Some are not as described, or do not go together.
        """
        problems = Problems(fan_out)
        timeout = _timeout_of(problems, consumer, visibility_timeout)
        if not isinstance(consumer, JobFunction):
            _check_that_it_does_it_itself(
                problems,
                per_second=per_second,
                idempotency=idempotency,
                longest_job=longest_job,
                retry_after=retry_after,
            )
        if longest_job is not None:
            check_duration(problems, "longest_job", longest_job, least=1, most=timeout)
        visibility = limits.visibility_of(problems, visibility_timeout, timeout)
        throttle = Throttle(
            max_concurrency=max_concurrency,
            batch_size=batch_size,
            per_second=per_second,
            timeout=timeout,
            longest_job=None if longest_job is None else in_seconds(longest_job),
        )
        throttle.check(problems)
        limits.check_receives(problems, max_receives)
        if retry_after is not None:
            check_duration(problems, "retry_after", retry_after, least=1, most=visibility)
        shortest, longest = limits.RETENTION_SECONDS
        if retention is not None:
            check_duration(problems, "retention", retention, least=shortest, most=longest)
        remembered = None if idempotency is None else limits.remembered_of(problems, idempotency, visibility)
        problems.raise_if_any()
        return cls(
            visibility=visibility,
            retention=limits.RETENTION if retention is None else in_seconds(retention),
            longest_job=throttle.longest,
            retry=min(limits.RETRY, visibility) if retry_after is None else in_seconds(retry_after),
            remembered=remembered,
        )


def _timeout_of(problems: Problems, consumer: lambda_.IFunction, visibility_timeout: Duration | None) -> float:
    """The consumer's timeout, or what the visibility time-out allows it."""
    if isinstance(consumer, lambda_.Function):
        timeout = consumer.timeout
        if timeout is None:
            return DEFAULT_TIMEOUT
        if not timeout.is_unresolved():
            return in_seconds(timeout)
    if visibility_timeout is None or visibility_timeout.is_unresolved():
        problems.check(
            False,
            "visibility_timeout",
            visibility_timeout and visibility_timeout.to_human_string(),
            "a Duration, for a consumer whose timeout is not known here",
            f"give {limits.TIMEOUTS_IN_VISIBILITY} times its timeout",
        )
        return DEFAULT_TIMEOUT
    return in_seconds(visibility_timeout) / limits.TIMEOUTS_IN_VISIBILITY


def _check_that_it_does_it_itself(
    problems: Problems,
    *,
    per_second: float | None,
    idempotency: Idempotency | None,
    longest_job: Duration | None,
    retry_after: Duration | None,
) -> None:
    problems.check(
        per_second is None,
        "per_second",
        per_second,
        A_JOB_FUNCTION,
        "make the consumer a JobFunction, or let it hold the rate itself",
        tokens=False,
    )
    problems.check(
        idempotency is None,
        "idempotency",
        idempotency,
        A_JOB_FUNCTION,
        "say idempotency=None: jobs may come twice, and the consumer has to see to it that this does no harm",
    )
    for parameter, value in (("longest_job", longest_job), ("retry_after", retry_after)):
        problems.check(value is None, parameter, value and value.to_human_string(), A_JOB_FUNCTION, "leave it out")
