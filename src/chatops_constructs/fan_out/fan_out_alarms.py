"""Alarms on a fan-out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from chatops_constructs._durations import check_duration, in_seconds
from chatops_constructs._problems import Problems
from chatops_constructs.fan_out.job_function import JobFunction

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chatops_constructs.fan_out.throttled_fan_out import ThrottledFanOut

AT_ONCE = Duration.minutes(1)
OLDEST = Duration.hours(1)
# SQS keeps a message for as long.
LONGEST_LIMIT = 14 * 24 * 3600
# One overlong job, or a message that came twice, is no reason to wake anybody.
PERIODS_OF_GIVING_BACK = 3


class FanOutAlarms(Construct):
    """Alarms that go off when jobs are not done, or not in time; each has the same actions.

    Attributes:
        dead_letters: Jobs are in the dead-letter queue.
        oldest: A job has been waiting for too long.
        drain_time: What waits takes too long at the pace that it goes; None unless asked for.
        given_back: Jobs are received and not begun for a quarter of an hour; None for a consumer of one's own.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        fan_out: ThrottledFanOut,
        actions: Sequence[cloudwatch.IAlarmAction],
        oldest: Duration,
        drain_time: Duration | None,
    ) -> None:
        """Create the alarms; use `ThrottledFanOut.alarms` instead.

        Args:
            scope: The parent.
            id: The id in `scope`.
            fan_out: The fan-out.
            actions: What is done when one of them goes off.
            oldest: How long a job may wait.
            drain_time: How long all that waits may take; None: as long as it likes.

        Raises:
            ValueError: A limit is none.
        """
        super().__init__(scope, id)
        problems = Problems(fan_out)
        check_duration(problems, "oldest", oldest, least=60, most=LONGEST_LIMIT)
        if drain_time is not None:
            check_duration(problems, "drain_time", drain_time, least=60, most=LONGEST_LIMIT)
        problems.raise_if_any()
        self._actions = list(actions)
        where = fan_out.node.path
        self.dead_letters: cloudwatch.Alarm = self._alarm(
            "DeadLetters",
            fan_out.metric_dead_letters(period=AT_ONCE),
            f"Jobs of {where} failed too often and are in its dead-letter queue. The log of the consumer says why; once"
            " that is mended, redrive them",
        )
        self.oldest: cloudwatch.Alarm = self._alarm(
            "Oldest",
            fan_out.metric_oldest(period=AT_ONCE),
            f"A job of {where} has been waiting for {oldest.to_human_string()}",
            threshold=in_seconds(oldest),
        )
        self.drain_time: cloudwatch.Alarm | None = None
        if drain_time is not None:
            self.drain_time = self._alarm(
                "DrainTime",
                fan_out.metric_drain_time(),
                f"What waits in {where} takes more than {drain_time.to_human_string()} at the pace that it goes",
                threshold=in_seconds(drain_time),
            )
        self.given_back: cloudwatch.Alarm | None = None
        if isinstance(fan_out.consumer, JobFunction):
            self.given_back = self._alarm(
                "GivenBack",
                fan_out.metric_given_back(),
                f"Jobs of {where} are received and not begun: they take longer than longest_job says, or the table"
                " cannot be reached. See the log of the consumer",
                periods=PERIODS_OF_GIVING_BACK,
            )

    def _alarm(
        self, id: str, metric: cloudwatch.IMetric, description: str, *, threshold: float = 1, periods: int = 1
    ) -> cloudwatch.Alarm:
        alarm = cloudwatch.Alarm(
            self,
            id,
            metric=metric,
            threshold=threshold,
            evaluation_periods=periods,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            # Nothing that happens gives no data.
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
            alarm_description=description,
        )
        if self._actions:
            alarm.add_alarm_action(*self._actions)
        return alarm
