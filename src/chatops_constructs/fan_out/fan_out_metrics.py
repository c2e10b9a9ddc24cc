"""What a fan-out counts, and the alarms on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch

from chatops_constructs.fan_out.fan_out_alarms import OLDEST, FanOutAlarms
from chatops_runtime.contracts import fan_out as contract

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_sqs as sqs

    from chatops_constructs.fan_out.throttled_fan_out import ThrottledFanOut

# What is waiting while nothing is done takes longer than anybody waits.
NEVER_SECONDS = 14 * 24 * 3600


class FanOutMetrics:
    """The metrics of a `ThrottledFanOut`, in the manner of CDK's own; one without a period has one of 5 minutes.

    `metric_done`, `metric_failed`, `metric_duplicates`, `metric_given_back` and `metric_waited` are a `JobFunction`'s,
    and have the dimension `FanOut`, the fan-out's `name`. The others are SQS's, for every consumer.

    Attributes:
        name: The fan-out's physical name.
        queue: Where jobs wait.
        dead_letter_queue: Where jobs come that failed too often.
    """

    name: str
    queue: sqs.Queue
    dead_letter_queue: sqs.Queue

    def metric_done(self, *, period: Duration | None = None, statistic: str | None = None) -> cloudwatch.Metric:
        """How many jobs were done.

        Args:
            period: Default: 5 minutes.
            statistic: Default: the sum.
        """
        return self._metric(contract.METRIC_DONE, period, statistic)

    def metric_failed(self, *, period: Duration | None = None, statistic: str | None = None) -> cloudwatch.Metric:
        """How many tries failed; a job may count several times.

        Args:
            period: Default: 5 minutes.
            statistic: Default: the sum.
        """
        return self._metric(contract.METRIC_FAILED, period, statistic)

    def metric_duplicates(self, *, period: Duration | None = None, statistic: str | None = None) -> cloudwatch.Metric:
        """How many jobs came that had been done, and were skipped.

        Args:
            period: Default: 5 minutes.
            statistic: Default: the sum.
        """
        return self._metric(contract.METRIC_DUPLICATES, period, statistic)

    def metric_given_back(self, *, period: Duration | None = None, statistic: str | None = None) -> cloudwatch.Metric:
        """How many jobs were received and not begun: there was too little time, or another invocation was at them.

        Args:
            period: Default: 5 minutes.
            statistic: Default: the sum.
        """
        return self._metric(contract.METRIC_GIVEN_BACK, period, statistic)

    def metric_waited(self, *, period: Duration | None = None, statistic: str | None = None) -> cloudwatch.Metric:
        """For how many milliseconds invocations waited for `per_second`.

        Args:
            period: Default: 5 minutes.
            statistic: Default: the average of an invocation.
        """
        return self._metric(contract.METRIC_WAITED, period, statistic or cloudwatch.Stats.AVERAGE)

    def metric_waiting(self, *, period: Duration | None = None, statistic: str | None = None) -> cloudwatch.Metric:
        """How many jobs wait.

        Args:
            period: Default: 5 minutes.
            statistic: Default: the maximum.
        """
        return self.queue.metric_approximate_number_of_messages_visible(
            period=period, statistic=statistic or cloudwatch.Stats.MAXIMUM
        )

    def metric_oldest(self, *, period: Duration | None = None, statistic: str | None = None) -> cloudwatch.Metric:
        """For how many seconds the oldest job has been waiting.

        Args:
            period: Default: 5 minutes.
            statistic: Default: the maximum.
        """
        return self.queue.metric_approximate_age_of_oldest_message(
            period=period, statistic=statistic or cloudwatch.Stats.MAXIMUM
        )

    def metric_dead_letters(self, *, period: Duration | None = None, statistic: str | None = None) -> cloudwatch.Metric:
        """How many jobs are in the dead-letter queue.

        Args:
            period: Default: 5 minutes.
            statistic: Default: the maximum.
        """
        return self.dead_letter_queue.metric_approximate_number_of_messages_visible(
            period=period, statistic=statistic or cloudwatch.Stats.MAXIMUM
        )

    def metric_drain_time(self, *, period: Duration | None = None) -> cloudwatch.MathExpression:
        """In how many seconds all that waits is done, at the pace of the last period.

        While jobs wait and none is done, it is the 14 days for which SQS keeps them.

        Args:
            period: Default: 5 minutes.
        """
        period = period or Duration.minutes(5)
        done = self.queue.metric_number_of_messages_deleted(period=period, statistic=cloudwatch.Stats.SUM)
        return cloudwatch.MathExpression(
            expression=(
                f"IF(FILL(done, 0) > 0, FILL(waiting, 0) * PERIOD(waiting) / FILL(done, 0),"
                f" IF(FILL(waiting, 0) > 0, {NEVER_SECONDS}, 0))"
            ),
            using_metrics={"waiting": self.metric_waiting(period=period), "done": done},
            label="DrainTime",
            period=period,
        )

    def alarms(
        self,
        *,
        actions: Sequence[cloudwatch.IAlarmAction] = (),
        oldest: Duration | None = None,
        drain_time: Duration | None = None,
    ) -> FanOutAlarms:
        """Create alarms on the fan-out, once.

        Args:
            actions: What is done when one of them goes off, such as `SnsAction(topic)`. Default: nothing; the console
                shows them.
            oldest: How long a job may wait. Default: 1 hour.
            drain_time: How long all that waits may take at the pace that it goes. Default: there is no such alarm.

        Raises:
            ValueError: A limit is none.
        """
        fan_out = cast("ThrottledFanOut", self)
        return FanOutAlarms(
            fan_out, "Alarms", fan_out=fan_out, actions=actions, oldest=oldest or OLDEST, drain_time=drain_time
        )

    def _metric(self, name: str, period: Duration | None, statistic: str | None) -> cloudwatch.Metric:
        return cloudwatch.Metric(
            namespace=contract.NAMESPACE,
            metric_name=name,
            dimensions_map={contract.DIMENSION: self.name},
            period=period,
            statistic=statistic or cloudwatch.Stats.SUM,
        )
