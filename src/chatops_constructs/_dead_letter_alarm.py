"""An alarm on a dead-letter queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch

if TYPE_CHECKING:
    from aws_cdk import aws_sqs as sqs
    from constructs import Construct


def dead_letter_alarm(
    scope: Construct, id: str, dead_letter_queue: sqs.IQueue, *, description: str
) -> cloudwatch.Alarm:
    """An alarm that goes off when something comes into the queue, and stays until the queue is emptied.

    Args:
        scope: The parent.
        id: The id in `scope`.
        dead_letter_queue: The queue.
        description: What has happened.
    """
    return cloudwatch.Alarm(
        scope,
        id,
        metric=dead_letter_queue.metric_approximate_number_of_messages_visible(
            period=Duration.minutes(1), statistic="Maximum"
        ),
        threshold=1,
        evaluation_periods=1,
        comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        alarm_description=description,
    )
