"""A metric that a function writes once a minute in a line of its log, and the alarm on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch

if TYPE_CHECKING:
    from constructs import Construct


def minute_metric(*, namespace: str, name: str, dimension: str, of: str) -> cloudwatch.Metric:
    """The highest value of each minute.

    Args:
        namespace: The metric's.
        name: The metric's name.
        dimension: The name of its one dimension.
        of: The dimension's value: which construct it is.
    """
    return cloudwatch.Metric(
        namespace=namespace,
        metric_name=name,
        dimensions_map={dimension: of},
        period=Duration.minutes(1),
        statistic=cloudwatch.Stats.MAXIMUM,
    )


def alarm_if_one(scope: Construct, id: str, *, metric: cloudwatch.Metric, minutes: int, why: str) -> cloudwatch.Alarm:
    """An alarm without actions, for a metric that is 1 while something is wrong.

    Args:
        scope: The parent.
        id: The id in `scope`.
        metric: The metric.
        minutes: For how many minutes in a row it has to be 1.
        why: What is wrong then, and where it says more.
    """
    return cloudwatch.Alarm(
        scope,
        id,
        metric=metric,
        threshold=1,
        evaluation_periods=minutes,
        comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        # Without data the function does not run: neither good nor, right after the deployment, bad.
        treat_missing_data=cloudwatch.TreatMissingData.MISSING,
        alarm_description=why,
    )
