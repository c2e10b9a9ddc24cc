"""A saved query that finds everything about one command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_logs as logs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs import Construct

# To be replaced in the console. People see the first ten characters of a command's id, and all logs have it whole: in
# the fact `id` those of functions and the audit log, in `execution_arn` those of state machines.
ID = "0123456789"

QUERY = f"""\
fields @timestamp, @log, @message
| filter @message like "{ID}"
| sort @timestamp asc
| limit 1000"""


def saved_query(
    scope: Construct, id: str, *, endpoint_name: str, log_groups: Sequence[logs.ILogGroup]
) -> logs.CfnQueryDefinition:
    """The query, in CloudWatch's folder of the endpoint's name.

    Args:
        scope: The endpoint.
        id: The id in `scope`.
        endpoint_name: The endpoint's physical name.
        log_groups: Where there is something about a command.
    """
    return logs.CfnQueryDefinition(
        scope,
        id,
        name=f"chatops/{endpoint_name}/A command by its id",
        query_string=QUERY,
        log_group_names=[group.log_group_name for group in log_groups],
    )
