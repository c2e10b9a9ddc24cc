"""What an endpoint counts, as metrics for alarms and dashboards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_cloudwatch as cloudwatch

from chatops_runtime.contracts import endpoint_metrics as metrics

if TYPE_CHECKING:
    from aws_cdk import Duration
    from aws_cdk import aws_sqs as sqs


class EndpointMetrics:
    """The metrics of a `SlackCommandEndpoint`, in the manner of CDK's own: a period, a statistic, a label, a colour.

    Each has the dimension `Endpoint`, the endpoint's `name`. A metric without a period has one of 5 minutes.

    Attributes:
        name: The endpoint's physical name.
        dead_letter_queue: What could not be delivered.
    """

    name: str
    dead_letter_queue: sqs.Queue

    def metric_received(
        self,
        *,
        period: Duration | None = None,
        statistic: str | None = None,
        label: str | None = None,
        color: str | None = None,
    ) -> cloudwatch.Metric:
        """How many requests came in, whoever sent them.

        Args:
            period: Default: 5 minutes.
            statistic: Default: the sum.
            label: Default: the metric's name.
            color: Default: chosen by CloudWatch.
        """
        return self._metric(metrics.RECEIVED, period, statistic, label, color)

    def metric_refused(
        self,
        *,
        reason: str | None = None,
        period: Duration | None = None,
        statistic: str | None = None,
        label: str | None = None,
        color: str | None = None,
    ) -> cloudwatch.Metric:
        """How many requests were refused.

        Args:
            reason: One reason, the outcome in the log of `dispatch`, such as `not_allowed`. Default: all together.
            period: Default: 5 minutes.
            statistic: Default: the sum.
            label: Default: the metric's name.
            color: Default: chosen by CloudWatch.
        """
        return self._metric(metrics.REFUSED, period, statistic, label, color, reason=reason)

    def metric_started(
        self,
        *,
        period: Duration | None = None,
        statistic: str | None = None,
        label: str | None = None,
        color: str | None = None,
    ) -> cloudwatch.Metric:
        """How many commands were started.

        Args:
            period: Default: 5 minutes.
            statistic: Default: the sum.
            label: Default: the metric's name.
            color: Default: chosen by CloudWatch.
        """
        return self._metric(metrics.STARTED, period, statistic, label, color)

    def metric_ack_time(
        self,
        *,
        period: Duration | None = None,
        statistic: str | None = None,
        label: str | None = None,
        color: str | None = None,
    ) -> cloudwatch.Metric:
        """How many milliseconds `dispatch` took for its answer, for which Slack waits for three seconds.

        Args:
            period: Default: 5 minutes.
            statistic: Default: `p99`.
            label: Default: the metric's name.
            color: Default: chosen by CloudWatch.
        """
        return self._metric(metrics.ACK_TIME, period, statistic or "p99", label, color)

    def metric_succeeded(
        self,
        *,
        period: Duration | None = None,
        statistic: str | None = None,
        label: str | None = None,
        color: str | None = None,
    ) -> cloudwatch.Metric:
        """How many commands came to a good result.

        Args:
            period: Default: 5 minutes.
            statistic: Default: the sum.
            label: Default: the metric's name.
            color: Default: chosen by CloudWatch.
        """
        return self._metric(metrics.SUCCEEDED, period, statistic, label, color)

    def metric_failed(
        self,
        *,
        period: Duration | None = None,
        statistic: str | None = None,
        label: str | None = None,
        color: str | None = None,
    ) -> cloudwatch.Metric:
        """How many commands came to a bad result, or to none.

        Args:
            period: Default: 5 minutes.
            statistic: Default: the sum.
            label: Default: the metric's name.
            color: Default: chosen by CloudWatch.
        """
        return self._metric(metrics.FAILED, period, statistic, label, color)

    def metric_not_audited(
        self,
        *,
        period: Duration | None = None,
        statistic: str | None = None,
        label: str | None = None,
        color: str | None = None,
    ) -> cloudwatch.Metric:
        """How many refusals have no audit line, since nobody could be charged with writing it.

        Args:
            period: Default: 5 minutes.
            statistic: Default: the sum.
            label: Default: the metric's name.
            color: Default: chosen by CloudWatch.
        """
        return self._metric(metrics.NOT_AUDITED, period, statistic, label, color)

    def metric_undelivered(
        self,
        *,
        period: Duration | None = None,
        statistic: str | None = None,
        label: str | None = None,
        color: str | None = None,
    ) -> cloudwatch.Metric:
        """How many messages are in the dead-letter queue.

        Args:
            period: Default: 5 minutes.
            statistic: Default: the maximum.
            label: Default: the queue's metric's name.
            color: Default: chosen by CloudWatch.
        """
        return self.dead_letter_queue.metric_approximate_number_of_messages_visible(
            period=period, statistic=statistic or cloudwatch.Stats.MAXIMUM, label=label, color=color
        )

    def _metric(
        self,
        name: str,
        period: Duration | None,
        statistic: str | None,
        label: str | None,
        color: str | None,
        *,
        reason: str | None = None,
    ) -> cloudwatch.Metric:
        of_reason = {} if reason is None else {metrics.REASON_DIMENSION: reason}
        return cloudwatch.Metric(
            namespace=metrics.NAMESPACE,
            metric_name=name,
            dimensions_map={metrics.DIMENSION: self.name, **of_reason},
            period=period,
            statistic=statistic or cloudwatch.Stats.SUM,
            label=label,
            color=color,
        )
