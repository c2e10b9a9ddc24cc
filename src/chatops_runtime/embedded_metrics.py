"""Numbers in a line of the log from which CloudWatch makes metrics.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

COUNT = "Count"
MILLISECONDS = "Milliseconds"


def facts(values: Mapping[str, int], *, namespace: str, dimension: str, name: str, now: float) -> dict[str, object]:
    """Facts of a line of the log that are metrics as well.

    Args:
        values: By metric, its value, of the unit `Count`.
        namespace: The metrics' namespace.
        dimension: The name of their one dimension.
        name: The dimension's value.
        now: Unix time in seconds.
    """
    counted = directive(dict.fromkeys(values, COUNT), namespace=namespace, dimensions=[[dimension]])
    return {
        **marked(counted, now=now),
        dimension: name,
        **{metric: int(value) for metric, value in values.items()},
    }


def directive(units: Mapping[str, str], *, namespace: str, dimensions: Sequence[Sequence[str]]) -> dict[str, object]:
    """Which facts of a line are metrics.

    Args:
        units: By metric, its unit. The line has a fact of each metric's name: its value.
        namespace: The metrics' namespace.
        dimensions: The sets of dimensions that each of them is kept by. The line has a fact of each dimension's name.
    """
    return {
        "Namespace": namespace,
        "Dimensions": dimensions,
        "Metrics": [{"Name": metric, "Unit": unit} for metric, unit in units.items()],
    }


def marked(*directives: dict[str, object], now: float) -> dict[str, object]:
    """The fact that makes a line one with metrics.

    Args:
        directives: Which of the line's facts they are, each with sets of dimensions of its own.
        now: Unix time in seconds.
    """
    return {"_aws": {"Timestamp": int(now * 1000), "CloudWatchMetrics": list(directives)}}
