"""Metrics in lines of logs: the embedded metric format of CloudWatch.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chatops_local.ministack.private import private

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_store_datum = private(
    "services.cloudwatch:_store_datum", "namespace, name, dims, ts, unit, value, values, counts, stat_values"
)
_evict_old_metrics = private("services.cloudwatch:_evict_old_metrics", "")
_request_scope = private("core.responses:request_scope", "account_id, region")

_MARK = '"_aws"'
_MOST_DIMENSIONS = 30
_MOST_VALUES = 100
_LARGEST_VALUE = 2**360
"""https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html"""

_log = logging.getLogger(__name__)


class InvalidMetricError(ValueError):
    """A line that says that it has metrics, and does not follow the specification."""


@dataclass(frozen=True)
class Datum:
    """Values of one metric.

    Args:
        namespace: its namespace.
        name: its name.
        dimensions: its dimensions.
        unit: their unit.
        values: one or more.
        timestamp: when, as a Unix time, by the clock of who wrote the line.
    """

    namespace: str
    name: str
    dimensions: Mapping[str, str]
    unit: str
    values: tuple[float, ...]
    timestamp: float


def apply() -> None:
    """Keep metrics whatever their time: that of functions is simulated, and may be long ago."""
    _evict_old_metrics.wrap(lambda _original: lambda: None)


def publish(lines: Iterable[str], account: str, region: str) -> None:
    """Publish the metrics in lines that have reached a log group.

    On AWS a line that is not valid counts as ``EMFValidationErrors``, and its metrics are lost. Here they are lost too,
    with a warning in the emulator's log.

    Args:
        lines: as they were written; most have no metrics.
        account: whose they are.
        region: of the log group.
    """
    for line in lines:
        try:
            data = data_of(line)
        except InvalidMetricError as error:
            _log.warning("the metrics of a log line are lost: %s", error)
            continue
        with _request_scope.get()(account, region):
            for datum in data:
                _store(datum)


def data_of(line: str) -> list[Datum]:
    """The metrics of a line; none if it is any other line.

    Raises:
        InvalidMetricError: the line has metrics that CloudWatch would not take.
    """
    if _MARK not in line:
        return []
    try:
        document = json.loads(line)
    except ValueError:
        return []
    if not isinstance(document, dict) or "_aws" not in document:
        return []
    metadata = document["_aws"]
    directives = metadata.get("CloudWatchMetrics") if isinstance(metadata, dict) else None
    if not isinstance(directives, list):
        raise InvalidMetricError("_aws.CloudWatchMetrics is not a list")
    timestamp = metadata.get("Timestamp")
    if not isinstance(timestamp, int) or isinstance(timestamp, bool):
        raise InvalidMetricError(f"_aws.Timestamp {timestamp!r} is not a number of milliseconds")
    return [datum for directive in directives for datum in _of_directive(directive, document, timestamp / 1000)]


def _of_directive(directive: object, document: Mapping[str, Any], timestamp: float) -> Iterator[Datum]:
    if not isinstance(directive, dict):
        raise InvalidMetricError("a member of _aws.CloudWatchMetrics is not an object")
    namespace = directive.get("Namespace")
    if not isinstance(namespace, str) or not namespace:
        raise InvalidMetricError(f"Namespace {namespace!r} is not a text")
    dimension_sets, definitions = directive.get("Dimensions"), directive.get("Metrics")
    if not isinstance(dimension_sets, list) or not dimension_sets:
        raise InvalidMetricError(f"Dimensions {dimension_sets!r} is not a list of lists; without dimensions it is [[]]")
    if not isinstance(definitions, list):
        raise InvalidMetricError(f"Metrics {definitions!r} is not a list")
    for names in dimension_sets:
        dimensions = _dimensions(names, document)
        for definition in definitions:
            name = definition.get("Name") if isinstance(definition, dict) else None
            if not isinstance(name, str) or not name:
                raise InvalidMetricError(f"the metric {definition!r} has no Name")
            values = _values(name, document)
            yield Datum(namespace, name, dimensions, str(definition.get("Unit", "None")), values, timestamp)


def _dimensions(names: object, document: Mapping[str, Any]) -> dict[str, str]:
    if not isinstance(names, list) or len(names) > _MOST_DIMENSIONS:
        raise InvalidMetricError(f"the dimension set {names!r} is not a list of at most {_MOST_DIMENSIONS} names")
    for name in names:
        if not isinstance(document.get(name), str):
            raise InvalidMetricError(f"the dimension {name!r} is not a text at the top of the line")
    return {name: document[name] for name in names}


def _values(name: str, document: Mapping[str, Any]) -> tuple[float, ...]:
    value = document.get(name)
    values: list[Any] = value if isinstance(value, list) else [value]
    if not all(_is_value(each) for each in values) or not 1 <= len(values) <= _MOST_VALUES:
        raise InvalidMetricError(f"the metric {name!r} is neither a number nor up to {_MOST_VALUES} of them")
    return tuple(float(each) for each in values)


def _is_value(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= _LARGEST_VALUE


def _store(datum: Datum) -> None:
    _store_datum.get()(
        datum.namespace,
        datum.name,
        dict(datum.dimensions),
        datum.timestamp,
        datum.unit,
        None,
        list(datum.values),
        None,
        None,
    )
