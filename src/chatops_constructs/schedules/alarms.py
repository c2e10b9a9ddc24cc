"""The alarms of a scheduled task: it could not start, or it has not succeeded for too long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_cloudwatch as cloudwatch

from chatops_constructs._dead_letter_alarm import dead_letter_alarm
from chatops_constructs.schedules.checks import no_success_period

if TYPE_CHECKING:
    from aws_cdk import Duration
    from aws_cdk import aws_sqs as sqs
    from aws_cdk import aws_stepfunctions as sfn
    from constructs import Construct


def not_started_alarm(task: Construct, dead_letter_queue: sqs.IQueue) -> cloudwatch.Alarm:
    """An alarm that goes off when a scheduled time could not be started, and stays until the queue is emptied.

    Args:
        task: The task.
        dead_letter_queue: Where such times are kept.
    """
    return dead_letter_alarm(
        task,
        "NotStartedAlarm",
        dead_letter_queue,
        description=f"{task.node.path} could not be started at a scheduled time. Its dead-letter queue says"
        " which, and why",
    )


def no_success_alarm(task: Construct, state_machine: sfn.IStateMachine, within: Duration) -> cloudwatch.Alarm:
    """A dead man's switch: an alarm that goes off unless the task succeeds often enough.

    Args:
        task: The task.
        state_machine: Its machine.
        within: For how long there may be no success.
    """
    period = no_success_period(within)
    return cloudwatch.Alarm(
        task,
        "NoSuccessAlarm",
        metric=state_machine.metric_succeeded(period=period, statistic="Sum"),
        threshold=1,
        evaluation_periods=int(within.to_seconds() // period.to_seconds()),
        comparison_operator=cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
        # Nothing that happens gives no data.
        treat_missing_data=cloudwatch.TreatMissingData.BREACHING,
        alarm_description=f"{task.node.path} has not succeeded for {within.to_human_string()}",
    )
