"""DescribeLogGroups of log groups by their names, which MiniStack does not know.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogGroups.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from chatops_local.ministack.logs.answers import changed
from chatops_local.ministack.private import Untyped, private

if TYPE_CHECKING:
    from collections.abc import Mapping

_describe_log_groups = private("services.cloudwatch_logs:_describe_log_groups", "data")


def apply() -> None:
    """Describe those groups and no others."""
    _describe_log_groups.wrap(_chosen)


def _chosen(original: Untyped) -> Untyped:
    def describe_log_groups(data: Mapping[str, Any]) -> Untyped:
        names = data.get("logGroupIdentifiers")
        if names is None:
            return original(data)
        answer: Untyped = None
        groups = []
        for name in names:
            answer = original({"logGroupNamePrefix": name, "limit": 50})
            found = json.loads(answer[2])["logGroups"]
            groups += [group for group in found if group["logGroupName"] == name]
        return changed(answer, logGroups=groups, nextToken=None)

    return describe_log_groups
