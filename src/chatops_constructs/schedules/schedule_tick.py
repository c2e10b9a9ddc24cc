"""Starts the runs of a stack's schedules, each once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_scheduler as scheduler
from constructs import Construct

from chatops_constructs._log_group import own_log_group
from chatops_constructs._one_per_stack import one_per_stack
from chatops_constructs._use_of_key import use_of_key
from chatops_constructs.workflow.asl import States, expr, integration, retry
from chatops_constructs.workflow.state_machine import StateMachine

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_sqs as sqs

START = "Start the run"
ALREADY_STARTED = "Sfn.ExecutionAlreadyExistsException"
NOT_STARTED = "ChatOps.NotStarted"

# 2026-11-22T02:00:00Z without what a name may not hold:
# https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
RUN_NAME = "'at-' & $replace($states.input.scheduled_at, ':', '')"


class ScheduleTick(Construct):
    """An Express state machine that EventBridge Scheduler starts, and that starts a task's own machine.

    Scheduler delivers at least once, and cannot give an execution a name. This machine does: the run of a scheduled
    time has its name from that time, so that the second of two deliveries finds it started. One machine per stack for
    all of its tasks; it may start their machines and no others.

    Attributes:
        state_machine: The Express machine.
    """

    def __init__(self, scope: Construct, id: str, *, encryption_key: kms.IKey | None = None) -> None:
        """Create the machine; use `of` instead.

        Args:
            scope: The stack.
            id: The id in `scope`.
            encryption_key: Encrypts the machine's log and definition. Default: a key that AWS owns.
        """
        super().__init__(scope, id)
        machine = StateMachine(
            self,
            "Machine",
            log_group=own_log_group(self, "Logs", encryption_key=encryption_key, delivered_by="states"),
            encryption_key=encryption_key,
            express=True,
        )
        self.role: iam.Role = machine.role
        self.state_machine = machine.define(
            start_at=START,
            states=_states(),
            comment="Starts the run of a scheduled time, under the name of that time",
            timeout=Duration.minutes(5),
        )

    @classmethod
    def of(cls, scope: Construct, *, encryption_key: kms.IKey | None = None) -> ScheduleTick:
        """The stack's tick, created at the first call.

        Args:
            scope: Any construct of the stack.
            encryption_key: As in the constructor; that of the first call counts.
        """
        return one_per_stack(scope, "ScheduleTick", lambda stack, id: cls(stack, id, encryption_key=encryption_key))

    def grant_start(self, state_machine_arn: str, dead_letter_queue: sqs.IQueue) -> None:
        """Let the tick start a task's machine, and say in its queue when it cannot.

        Args:
            state_machine_arn: The task's machine.
            dead_letter_queue: The task's queue.
        """
        self.role.add_to_principal_policy(
            iam.PolicyStatement(actions=["states:StartExecution"], resources=[state_machine_arn])
        )
        # The queue's own grant would let it look at the queue as well.
        self.role.add_to_principal_policy(
            iam.PolicyStatement(actions=["sqs:SendMessage"], resources=[dead_letter_queue.queue_arn])
        )
        grant_encrypt_messages(self.role, dead_letter_queue)

    @staticmethod
    def input(state_machine_arn: str, dead_letter_queue: sqs.IQueue) -> scheduler.ScheduleTargetInput:
        """What a schedule starts the tick with.

        Args:
            state_machine_arn: The task's machine.
            dead_letter_queue: The task's queue.
        """
        return scheduler.ScheduleTargetInput.from_object(
            {
                "state_machine": state_machine_arn,
                "scheduled_at": scheduler.ContextAttribute.scheduled_time,
                "dead_letter_queue": dead_letter_queue.queue_url,
            }
        )


def grant_encrypt_messages(role: iam.IRole, queue: sqs.IQueue) -> None:
    """Let `role` use the key of `queue`, if it has one, for what it sends.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
    """
    key = queue.encryption_master_key
    if key is not None:
        role.add_to_principal_policy(use_of_key(key.key_arn, service="sqs", region=queue.env.region))


def _states() -> States:
    return {
        START: {
            "Type": "Task",
            "Resource": integration("aws-sdk:sfn:startExecution"),
            "Arguments": {
                "StateMachineArn": expr("$states.input.state_machine"),
                "Name": expr(RUN_NAME),
                "Input": expr("$string({'scheduled_at': $states.input.scheduled_at})"),
            },
            "Retry": [
                {"ErrorEquals": [ALREADY_STARTED], "MaxAttempts": 0},
                *retry("States.TaskFailed", "States.Timeout", attempts=6),
            ],
            "Catch": [
                {"ErrorEquals": [ALREADY_STARTED], "Next": "Already started"},
                {
                    "ErrorEquals": ["States.ALL"],
                    "Assign": {"error": expr("$states.errorOutput")},
                    "Output": expr("$states.input"),
                    "Next": "Say that it was not started",
                },
            ],
            "TimeoutSeconds": 20,
            "Next": "Started",
        },
        "Started": {"Type": "Succeed"},
        "Already started": {"Type": "Succeed"},
        # Scheduler believes that all went well once this machine is started.
        "Say that it was not started": {
            "Type": "Task",
            "Resource": integration("aws-sdk:sqs:sendMessage"),
            "Arguments": {
                "QueueUrl": expr("$states.input.dead_letter_queue"),
                "MessageBody": expr("$string({'not_started': $states.input, 'error': $error})"),
            },
            "Retry": retry("States.TaskFailed", "States.Timeout", attempts=4),
            "TimeoutSeconds": 10,
            "Next": "Not started",
        },
        "Not started": {"Type": "Fail", "Error": NOT_STARTED, "Cause": expr("$string($error)")},
    }
