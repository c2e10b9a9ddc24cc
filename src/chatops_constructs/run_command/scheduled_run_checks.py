"""What is wrong with the parameters of a `ScheduledRunCommand`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aws_cdk import Duration
from aws_cdk import aws_scheduler as scheduler

from chatops_constructs._problems import Problems, matches
from chatops_constructs.run_command.notification_target import NotificationTarget, is_topic
from chatops_constructs.run_command.overlap import Overlap
from chatops_constructs.run_command.run_on import RunOn
from chatops_constructs.run_command.success_if import SuccessIf
from chatops_constructs.run_command.targets import Ec2Targets, PickedTargets

if TYPE_CHECKING:
    from collections.abc import Sequence

# https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_SendCommand.html: MaxConcurrency, MaxErrors.
MAX_CONCURRENCY = re.compile(r"[1-9][0-9]{0,5}|[1-9][0-9]?%|100%")
MAX_ERRORS = re.compile(r"0|[1-9][0-9]{0,5}|[0-9]%|[1-9][0-9]%|100%")
EVERYTHING = "100%"

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


def check_choices(problems: Problems, *, schedule: object, targets: object, run_on: object, overlap: object) -> None:
    """Note what is not of the class that it has to be."""
    problems.check(
        isinstance(schedule, scheduler.ScheduleExpression),
        "schedule",
        schedule,
        "a ScheduleExpression of aws_cdk.aws_scheduler",
        "write it like ScheduleExpression.cron(hour='2', minute='0', time_zone=TimeZone.ASIA_TOKYO)",
    )
    problems.check(
        isinstance(targets, Ec2Targets),
        "targets",
        targets,
        "Ec2Targets.by_tag(…) or Ec2Targets.by_ids(…)",
        "say on which instances the script runs",
    )
    problems.check(
        not isinstance(targets, PickedTargets),
        "targets",
        targets,
        "targets without pick(), since nobody is there to pick when a schedule comes due",
        "leave it out, or use run_on=RunOn.ANY_ONE for one of them",
    )
    problems.check(
        isinstance(run_on, RunOn), "run_on", run_on, "RunOn.ALL or RunOn.ANY_ONE", "choose one, or leave it out"
    )
    problems.check(
        isinstance(overlap, Overlap),
        "overlap",
        overlap,
        "Overlap.SKIP, Overlap.LOCK or Overlap.ALLOW",
        "choose one, or leave it out",
    )


def check_fleet(
    problems: Problems,
    *,
    run_on: RunOn,
    min_targets: int,
    success_if: SuccessIf | None,
    max_concurrency: str,
    max_errors: str,
) -> None:
    """Note what is wrong with how the script spreads over its instances."""
    problems.check(
        isinstance(min_targets, int) and not isinstance(min_targets, bool) and 1 <= min_targets <= 300,
        "min_targets",
        min_targets,
        "a whole number from 1 to 300",
        "say how many instances have to be online",
        tokens=False,
    )
    problems.check(
        success_if is None or isinstance(success_if, SuccessIf),
        "success_if",
        success_if,
        "SuccessIf.all(), SuccessIf.at_least(…) or SuccessIf.percent(…)",
        "say on how many instances the script has to succeed",
    )
    for name, value, pattern, least in (
        ("max_concurrency", max_concurrency, MAX_CONCURRENCY, "1"),
        ("max_errors", max_errors, MAX_ERRORS, "0"),
    ):
        problems.check(
            matches(pattern, value),
            name,
            value,
            f"a text with a number from {least}, or with a part from {least}% to 100%",
            "write it like '10' or '50%'",
            tokens=False,
        )
    several = {"success_if": success_if is not None}
    several |= {"max_concurrency": max_concurrency != EVERYTHING, "max_errors": max_errors != EVERYTHING}
    for name in (name for name, given in several.items() if given and run_on is RunOn.ANY_ONE):
        problems.check(
            False, name, "given with RunOn.ANY_ONE", "nothing, since the script runs on one instance", "leave it out"
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
