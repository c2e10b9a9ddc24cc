"""Tells the state machines of a stack that their commands are over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from constructs import Construct

from chatops_constructs._acknowledge import acknowledge_resource
from chatops_constructs._asked_once import arn_beside
from chatops_constructs._log_group import own_log_group
from chatops_constructs._one_per_stack import one_per_stack
from chatops_constructs._physical_name import name_prefix
from chatops_constructs.workflow.asl import expr, integration, retry
from chatops_constructs.workflow.state_machine import StateMachine
from chatops_runtime.contracts import completion_signal

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms

FIRST = "Return the token"

# The statuses with which a command is over:
# https://docs.aws.amazon.com/systems-manager/latest/userguide/monitoring-systems-manager-event-examples.html
OVER = ["Success", "Failed", "TimedOut", "Cancelled"]

# Nobody waits any more: the looks were first, or the event came twice.
# https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html#API_SendTaskSuccess_Errors
NOBODY_WAITS = ["Sfn.TaskTimedOutException", "Sfn.TaskDoesNotExistException", "Sfn.InvalidTokenException"]


class CompletionSignal(Construct):
    """A rule on Systems Manager's events about this stack's documents, and what returns the task token in them.

    The events are best effort (https://docs.aws.amazon.com/eventbridge/latest/ref/event-delivery-level.html): the state
    machines look for themselves as well. No function and no table: an Express state machine with one state.

    Attributes:
        rule: The rule.
        state_machine: The Express machine that returns the tokens.
    """

    def __init__(self, scope: Construct, id: str, *, encryption_key: kms.IKey | None = None) -> None:
        """Create the rule and the machine; use `of` instead.

        Args:
            scope: The stack.
            id: The id in `scope`.
            encryption_key: Encrypts the machine's log and definition. Default: a key that AWS owns.
        """
        super().__init__(scope, id)
        machine = StateMachine(
            self,
            "Resumer",
            log_group=own_log_group(self, "Logs", encryption_key=encryption_key, delivered_by="states"),
            encryption_key=encryption_key,
            express=True,
        )
        self._grant_resume(machine.role)
        self.state_machine = machine.define(
            start_at=FIRST,
            states=_states(),
            comment="Tells a state machine that its command is over",
            timeout=Duration.minutes(4),
        )
        self.rule = events.Rule(
            self,
            "Rule",
            description="Commands of this stack's documents that are over",
            event_pattern=events.EventPattern(
                source=["aws.ssm"],
                detail_type=["EC2 Command Status-change Notification"],
                detail={
                    "document-name": [{"prefix": name_prefix(self)}],
                    "status": OVER,
                    # Without a token nobody waits for a signal.
                    "parameters": {completion_signal.PARAMETER: [{"anything-but": [""]}]},
                },
            ),
            targets=[targets.SfnStateMachine(self.state_machine)],
        )

    @classmethod
    def of(cls, scope: Construct, *, encryption_key: kms.IKey | None = None) -> CompletionSignal:
        """The stack's signal, created at the first call.

        Args:
            scope: Any construct of the stack.
            encryption_key: As in the constructor; that of the first call counts.
        """
        return one_per_stack(scope, "CompletionSignal", lambda stack, id: cls(stack, id, encryption_key=encryption_key))

    def _grant_resume(self, role: iam.Role) -> None:
        machines = arn_beside(self, "states", f"stateMachine:{name_prefix(self)}*")
        role.add_to_policy(
            iam.PolicyStatement(sid="ReturnTokens", actions=["states:SendTaskSuccess"], resources=[machines])
        )
        acknowledge_resource(
            role,
            machines,
            "every state machine of this stack that runs scripts, each by its name's beginning; a token is what says"
            " which execution",
        )


def _states() -> dict[str, dict[str, object]]:
    event = "$states.input.detail"
    return {
        FIRST: {
            "Type": "Task",
            "Resource": integration("aws-sdk:sfn:sendTaskSuccess"),
            "Arguments": {
                "TaskToken": expr(f"{event}.parameters.{completion_signal.PARAMETER}[0]"),
                "Output": expr(f"$string({{'kind': '{completion_signal.KIND}'}})"),
            },
            "Catch": [{"ErrorEquals": NOBODY_WAITS, "Next": "Nobody waits"}],
            "Retry": [{"ErrorEquals": NOBODY_WAITS, "MaxAttempts": 0}, *retry("States.TaskFailed", attempts=5)],
            "End": True,
        },
        "Nobody waits": {"Type": "Succeed"},
    }
