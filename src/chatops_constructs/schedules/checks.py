"""What is wrong with the parameters that all scheduled tasks have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Duration
from aws_cdk import aws_scheduler as scheduler

from chatops_constructs.schedules.notification_target import NotificationTarget, is_topic

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chatops_constructs._problems import Problems

# https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html
MOST_DESCRIPTION = 512

# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html: evaluation periods times
# period up to one day, and up to seven with periods of an hour.
SHORT_PERIOD, LONG_PERIOD = Duration.minutes(5), Duration.hours(1)
MOST_SHORT, MOST_LONG = Duration.days(1), Duration.days(7)


def check_description(problems: Problems, description: object) -> None:
    """Note what a schedule does not take for a description."""
    problems.check(
        description is None or (isinstance(description, str) and 0 < len(description) <= MOST_DESCRIPTION),
        "description",
        description,
        f"1 to {MOST_DESCRIPTION} characters",
        "say what the task is for in a few words, or leave it out",
    )


def check_schedule(problems: Problems, schedule: object) -> None:
    """Note what is no schedule."""
    problems.check(
        isinstance(schedule, scheduler.ScheduleExpression),
        "schedule",
        schedule,
        "a ScheduleExpression of aws_cdk.aws_scheduler",
        "write it like ScheduleExpression.cron(hour='2', minute='0', time_zone=TimeZone.ASIA_TOKYO)",
    )


def check_notified(problems: Problems, name: str, targets: Sequence[object]) -> None:
    """Note what cannot be told anything."""
    problems.check(isinstance(targets, (list, tuple)), name, targets, "a list", f"write it in brackets: {name}=[…]")
    for target in targets if isinstance(targets, (list, tuple)) else []:
        problems.check(
            is_topic(target) or isinstance(target, NotificationTarget),
            name,
            target,
            "topics of aws_cdk.aws_sns, SlackNotifiers, and whatever has the method of a NotificationTarget",
            "take out what is none of these",
        )


def check_no_success_within(problems: Problems, value: Duration) -> None:
    """Note if CloudWatch has no alarm for so long a time."""
    seconds = 0 if value.is_unresolved() else value.to_seconds(integral=False)
    period = no_success_period(value) if seconds else SHORT_PERIOD
    problems.check(
        period.to_seconds() <= seconds <= MOST_LONG.to_seconds() and seconds % period.to_seconds() == 0,
        "alarm_if_no_success_within",
        "known at deploy time only" if value.is_unresolved() else value.to_human_string(),
        "whole multiples of 5 minutes up to 1 day, of 1 hour up to 7 days, since CloudWatch looks back no further",
        "choose such a time, longer than from one run to the end of the next",
    )


def no_success_period(value: Duration) -> Duration:
    """In which pieces CloudWatch looks at so long a time."""
    return SHORT_PERIOD if value.to_seconds(integral=False) <= MOST_SHORT.to_seconds() else LONG_PERIOD
