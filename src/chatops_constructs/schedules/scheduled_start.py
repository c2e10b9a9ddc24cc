"""How a task's machine is started at its scheduled times, and where it is kept that it could not be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_scheduler_targets as scheduler_targets
from aws_cdk import aws_sqs as sqs

from chatops_constructs._acknowledge import acknowledge
from chatops_constructs._asked_once import stack_of
from chatops_constructs._physical_name import described
from chatops_constructs.schedules.schedule_tick import ScheduleTick, grant_encrypt_messages

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_stepfunctions as sfn
    from constructs import Construct


def dead_letters_of_schedule(task: Construct, id: str, *, encryption_key: kms.IKey | None) -> sqs.Queue:
    """A queue for scheduled times that could not be started, kept for as long as SQS does.

    Args:
        task: The task.
        id: The id in `task`.
        encryption_key: Encrypts it. None: a key of SQS's.
    """
    queue = sqs.Queue(
        task,
        id,
        enforce_ssl=True,
        retention_period=Duration.days(14),
        encryption=sqs.QueueEncryption.KMS if encryption_key else sqs.QueueEncryption.SQS_MANAGED,
        encryption_master_key=encryption_key,
    )
    acknowledge(queue, "AwsSolutions-SQS3", "it is a dead-letter queue itself, of a schedule, with an alarm on it")
    return queue


def scheduled_start(
    task: Construct,
    *,
    schedule: scheduler.ScheduleExpression,
    enabled: bool,
    description: str | None,
    state_machine: sfn.IStateMachine,
    dead_letter_queue: sqs.Queue,
    start_within: Duration,
    encryption_key: kms.IKey | None,
) -> scheduler.Schedule:
    """The schedule and its role; the stack's `ScheduleTick` makes one execution of one scheduled time.

    Args:
        task: The task.
        schedule: When.
        enabled: Whether it is started then.
        description: Of the schedule. None: that it starts the task.
        state_machine: The task's machine.
        dead_letter_queue: Where times are kept that could not be started.
        start_within: How late it may be.
        encryption_key: Encrypts the tick, if this is the stack's first task.
    """
    # Against the confused deputy: https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
    role = iam.Role(
        task,
        "ScheduleRole",
        assumed_by=iam.ServicePrincipal(
            "scheduler.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": stack_of(task).account}}
        ),
        description=f"What the schedule of {described(task)} may do",
    )
    grant_encrypt_messages(role, dead_letter_queue)
    tick = ScheduleTick.of(task, encryption_key=encryption_key)
    tick.grant_start(state_machine.state_machine_arn, dead_letter_queue)
    return scheduler.Schedule(
        task,
        "Schedule",
        schedule=schedule,
        enabled=enabled,
        description=description or f"Starts {described(task)}",
        target=scheduler_targets.StepFunctionsStartExecution(
            tick.state_machine,
            input=tick.input(state_machine.state_machine_arn, dead_letter_queue),
            role=role,
            dead_letter_queue=dead_letter_queue,
            max_event_age=start_within,
        ),
    )
