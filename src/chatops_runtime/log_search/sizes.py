"""How much there is to read in log groups."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from chatops_runtime import log_line
from chatops_runtime.log_search.patience import RefusedError, call

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chatops_runtime.log_search.window import Window

NAMES_OF_A_CALL = 50
"""https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogGroups.html"""

_DAY = 24 * 60 * 60 * 1000


def in_window(client: Any, names: Sequence[str], window: Window) -> dict[str, float]:  # noqa: ANN401 - boto3's client
    """Roughly how many bytes of each group are in the window: its share of the time that the group reaches back.

    What is not known is left out. It decides how is searched, not what is found.

    Args:
        client: Of CloudWatch Logs.
        names: The groups.
        window: The window.
    """
    sizes: dict[str, float] = {}
    try:
        for first in range(0, len(names), NAMES_OF_A_CALL):
            wanted = list(names[first : first + NAMES_OF_A_CALL])
            for group in call(client.describe_log_groups, logGroupIdentifiers=wanted)["logGroups"]:
                sizes[group["logGroupName"]] = _share(group, window)
    except RefusedError as refused:
        log_line.write(log_line.WARN, "sizes_unknown", why=refused.why)
    return sizes


def _share(group: Mapping[str, Any], window: Window) -> float:
    age = max(time.time() * 1000 - group["creationTime"], 1)
    days = group.get("retentionInDays")
    reach = min(age, days * _DAY) if days else age
    return float(group.get("storedBytes", 0) * min(window.milliseconds / reach, 1.0))
