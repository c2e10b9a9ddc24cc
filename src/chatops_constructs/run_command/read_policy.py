"""The permissions of Run Command that IAM cannot narrow to a resource."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_iam as iam

from chatops_constructs._acknowledge import acknowledge
from chatops_constructs._one_per_stack import one_per_stack

if TYPE_CHECKING:
    from constructs import Construct

# https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html
FOLLOWING = [
    "ssm:DescribeInstanceInformation",
    "ssm:ListCommands",
    "ssm:ListCommandInvocations",
    "ssm:GetCommandInvocation",
    "ssm:CancelCommand",
]


class RunCommandFollowPolicy(iam.ManagedPolicy):
    """Find instances and follow commands. One per stack, shared; it cannot send anything."""

    def __init__(self, scope: Construct, id: str) -> None:
        """Create the policy; use `of` instead."""
        super().__init__(
            scope,
            id,
            description="Lets the state machines of chatops-constructs find instances and follow commands",
            statements=[iam.PolicyStatement(sid="FollowCommands", actions=FOLLOWING, resources=["*"])],
        )
        acknowledge(
            self,
            "AwsSolutions-IAM5[Resource::*]",
            "these actions of Systems Manager have no resource types in IAM; sending is granted elsewhere, by document"
            " and by instance",
        )

    @classmethod
    def of(cls, scope: Construct) -> RunCommandFollowPolicy:
        """The stack's policy, created at the first call."""
        return one_per_stack(scope, "RunCommandFollowPolicy", cls)
