"""The permissions that every logged and traced state machine needs on `*`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_iam as iam

from chatops_constructs._acknowledge import acknowledge
from chatops_constructs._one_per_stack import one_per_stack

if TYPE_CHECKING:
    from constructs import Construct

# https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
LOG_DELIVERY = [
    "logs:CreateLogDelivery",
    "logs:GetLogDelivery",
    "logs:UpdateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:DescribeResourcePolicies",
    "logs:DescribeLogGroups",
]
# https://docs.aws.amazon.com/step-functions/latest/dg/xray-iam.html
TRACING = [
    "xray:PutTraceSegments",
    "xray:PutTelemetryRecords",
    "xray:GetSamplingRules",
    "xray:GetSamplingTargets",
]


class TelemetryPolicy(iam.ManagedPolicy):
    """Deliver logs and traces: actions that know no resource. One per stack, shared by all state machines."""

    def __init__(self, scope: Construct, id: str) -> None:
        """Create the policy; use `of` instead."""
        super().__init__(
            scope,
            id,
            description="Lets the state machines of chatops-constructs deliver their logs and traces",
            statements=[
                iam.PolicyStatement(sid="DeliverLogs", actions=LOG_DELIVERY, resources=["*"]),
                iam.PolicyStatement(sid="DeliverTraces", actions=TRACING, resources=["*"]),
            ],
        )
        acknowledge(
            self,
            "AwsSolutions-IAM5[Resource::*]",
            "log delivery and X-Ray actions have no resource types in IAM; this policy holds nothing else",
        )

    @classmethod
    def of(cls, scope: Construct) -> TelemetryPolicy:
        """The stack's policy, created at the first call."""
        return one_per_stack(scope, "ChatOpsTelemetryPolicy", cls)
