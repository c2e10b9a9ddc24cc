"""Brings to a task's machine what it cannot see by itself: endings that no state catches, and its alarms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from constructs import Construct

from chatops_constructs._physical_name import described

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_cloudwatch as cloudwatch
    from aws_cdk import aws_stepfunctions as sfn

# What the machine ends with after it has told of it.
OWN_ERRORS = "ChatOps."


class EndingsRule(Construct):
    """A rule that starts the task's machine, which tells `on_failure` of it.

    That way every target is told with the rights of one role, and no topic needs a policy for CloudWatch and
    EventBridge.

    Attributes:
        rule: The `AWS::Events::Rule`.
    """

    def __init__(
        self, scope: Construct, id: str, *, state_machine: sfn.IStateMachine, alarms: Sequence[cloudwatch.IAlarm]
    ) -> None:
        """Create the rule and its role.

        Args:
            scope: The task.
            id: The id in `scope`.
            state_machine: The task's machine.
            alarms: The task's alarms.
        """
        super().__init__(scope, id)
        role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("events.amazonaws.com"),
            description=f"Starts the machine of {described(scope)} to tell of what it cannot see",
        )
        state_machine.grant_start_execution(role)
        # https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
        endings = {
            "source": ["aws.states"],
            "detail-type": ["Step Functions Execution Status Change"],
            "detail": {
                "stateMachineArn": [state_machine.state_machine_arn],
                "$or": [
                    {"status": ["TIMED_OUT", "ABORTED"]},
                    # An execution that has told of something must not start another to tell of that.
                    {"status": ["FAILED"], "error": [{"anything-but": {"prefix": OWN_ERRORS}}]},
                ],
            },
        }
        # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
        alarmed = {
            "source": ["aws.cloudwatch"],
            "detail-type": ["CloudWatch Alarm State Change"],
            "resources": [alarm.alarm_arn for alarm in alarms],
            "detail": {"state": {"value": ["ALARM"]}},
        }
        # The L2 rule knows no alternatives.
        self.rule = events.CfnRule(
            self,
            "Resource",
            description=f"What the machine of {described(scope)} cannot see by itself",
            event_pattern={"$or": [endings, alarmed]},
            targets=[
                events.CfnRule.TargetProperty(id="Machine", arn=state_machine.state_machine_arn, role_arn=role.role_arn)
            ],
        )
