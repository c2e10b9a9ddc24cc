"""What a role needs to search log groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_iam as iam

from chatops_constructs._acknowledge import LOG_STREAMS, acknowledge_resource
from chatops_constructs.log_search.queries_policy import LogQueriesPolicy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs import Construct

# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html
READING = ["logs:FilterLogEvents", "logs:StartQuery"]

# So many ARNs make a statement. CDK moves statements into further policies when one is full.
GROUPS_OF_A_STATEMENT = 20


def let_search(role: iam.Role, arns: Sequence[str], scope: Construct) -> None:
    """Let `role` search these log groups and no others.

    Args:
        role: The role.
        arns: Their ARNs, each with `:*` at its end, as CloudFormation hands them out: that form is for all actions but
            those of tags (https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_LogGroup.html).
        scope: A construct of the role's stack.
    """
    for first in range(0, len(arns), GROUPS_OF_A_STATEMENT):
        some = list(arns[first : first + GROUPS_OF_A_STATEMENT])
        role.add_to_policy(iam.PolicyStatement(actions=READING, resources=some))
    for arn in arns:
        acknowledge_resource(role, arn, LOG_STREAMS)
    role.add_managed_policy(LogQueriesPolicy.of(scope))
