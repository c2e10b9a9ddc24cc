"""The permissions of Logs Insights that IAM cannot narrow to a log group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_iam as iam

from chatops_constructs._acknowledge import acknowledge
from chatops_constructs._one_per_stack import one_per_stack

if TYPE_CHECKING:
    from constructs import Construct

# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html
FOLLOWING = ["logs:GetQueryResults", "logs:StopQuery", "logs:DescribeLogGroups"]


class LogQueriesPolicy(iam.ManagedPolicy):
    """Follow queries of Logs Insights, and learn how large log groups are. One per stack, shared.

    It starts no query and reads no log group. The results of a query are told by its id, which is known to who started
    it.
    """

    def __init__(self, scope: Construct, id: str) -> None:
        """Create the policy; use `of` instead."""
        super().__init__(
            scope,
            id,
            description="Lets the log searches of chatops-constructs follow their queries",
            statements=[iam.PolicyStatement(sid="FollowQueries", actions=FOLLOWING, resources=["*"])],
        )
        acknowledge(
            self,
            "AwsSolutions-IAM5[Resource::*]",
            "queries have no resource types in IAM, and DescribeLogGroups is of all log groups: it tells their names"
            " and sizes; starting a query and reading lines are granted elsewhere, by log group",
        )

    @classmethod
    def of(cls, scope: Construct) -> LogQueriesPolicy:
        """The stack's policy, created at the first call."""
        return one_per_stack(scope, "LogQueriesPolicy", cls)
