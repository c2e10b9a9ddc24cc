"""Numbers in a line of the log from which CloudWatch makes metrics.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def facts(values: Mapping[str, int], *, namespace: str, dimension: str, name: str, now: float) -> dict[str, object]:
    """Facts of a line of the log that are metrics as well.

    Args:
        values: By metric, its value, of the unit `Count`.
        namespace: The metrics' namespace.
        dimension: The name of their one dimension.
        name: The dimension's value.
        now: Unix time in seconds.
    """
    definition = {
        "Namespace": namespace,
        "Dimensions": [[dimension]],
        "Metrics": [{"Name": metric, "Unit": "Count"} for metric in values],
    }
    return {
        "_aws": {"Timestamp": int(now * 1000), "CloudWatchMetrics": [definition]},
        dimension: name,
        **{metric: int(value) for metric, value in values.items()},
    }
