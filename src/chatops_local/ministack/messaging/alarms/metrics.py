"""What alarms are evaluated on: queues and state machines as they are, everything else as it was published."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chatops_local.ministack.messaging.alarms.metric_math import evaluate, period_of
from chatops_local.ministack.messaging.deletions import deletions_from
from chatops_local.ministack.private import private

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_local.ministack.messaging.alarms.metric_math import Series

_metrics = private("services.cloudwatch:_metrics")
_dims_key = private("services.cloudwatch:_dims_key", "dims")
_calc_stats = private("services.cloudwatch:_calc_stats", "points")
_stat_value = private("services.cloudwatch:_stat_value", "stats, stat_name, points")
_queues = private("services.sqs:_queues")
_refresh_counts = private("services.sqs:_refresh_counts", "q")
_executions = private("services.stepfunctions:_executions")

_OF_QUEUES = {
    # https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
    "ApproximateNumberOfMessagesVisible": "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible": "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed": "ApproximateNumberOfMessagesDelayed",
}
_DELETED = "NumberOfMessagesDeleted"
_OLDEST = "ApproximateAgeOfOldestMessage"
_POISON = 3
"""A message that was received more often is left out of the age (the same page)."""
_OF_STATE_MACHINES = {
    # https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html
    "ExecutionsSucceeded": "SUCCEEDED",
    "ExecutionsFailed": "FAILED",
    "ExecutionsTimedOut": "TIMED_OUT",
    "ExecutionsAborted": "ABORTED",
}


@dataclass(frozen=True)
class Period:
    """One period of an alarm."""

    begins: float
    ends: float

    def has(self, timestamp: float) -> bool:
        """Whether something happened in it."""
        return self.begins < timestamp <= self.ends


@dataclass(frozen=True)
class Clocks:
    """The two clocks that metrics go by.

    Args:
        scale: what an AWS second is multiplied with.
        shift: by how many seconds the clock of functions is ahead of this machine's; None if it never was.
    """

    scale: float
    shift: float | None = None

    def of_machine(self, alarm: Mapping[str, Any], later: float) -> list[Period]:
        """The periods that an alarm looks at, the earliest first, for what happens in this machine's time, scaled."""
        return _periods(alarm, time.time() + later * self.scale, self.scale)

    def of_functions(self, alarm: Mapping[str, Any], later: float) -> list[Period]:
        """The same, for what functions and state machines put a time to: once that is simulated, it is not scaled."""
        if self.shift is None:
            return self.of_machine(alarm, later)
        return _periods(alarm, time.time() + self.shift + later, 1.0)


def _periods(alarm: Mapping[str, Any], end: float, scale: float) -> list[Period]:
    length, count = float(alarm["Period"]) * scale, int(alarm["EvaluationPeriods"])
    return [Period(end - length * (n + 1), end - length * n) for n in reversed(range(count))]


def datapoints(alarm: Mapping[str, Any], clocks: Clocks, later: float) -> Series:
    """The value that the alarm watches in each period; None where there is none.

    Args:
        alarm: its configuration.
        clocks: what its metrics go by.
        later: seconds of AWS that are taken to have passed since now.
    """
    if "Metrics" not in alarm:
        return _of_metric(alarm, clocks, later)
    periods = {"EvaluationPeriods": alarm["EvaluationPeriods"], "Period": period_of(alarm["Metrics"])}

    def series(metric_stat: Mapping[str, Any]) -> Series:
        metric = {"Dimensions": [], **metric_stat["Metric"], "Statistic": metric_stat["Stat"]}
        return _of_metric({**metric, **periods}, clocks, later)

    return evaluate(alarm["Metrics"], series)


def _of_metric(alarm: Mapping[str, Any], clocks: Clocks, later: float) -> Series:
    dimensions = {dimension["Name"]: dimension["Value"] for dimension in alarm["Dimensions"]}
    namespace, metric = alarm["Namespace"], alarm["MetricName"]
    within = clocks.of_machine(alarm, later)
    if namespace == "AWS/SQS" and metric == _DELETED:
        deletions = [at for queue in _queues_named(dimensions["QueueName"]) for at in deletions_from(queue)]
        return [float(sum(map(period.has, deletions))) for period in within]
    if namespace == "AWS/SQS" and (metric in _OF_QUEUES or metric == _OLDEST):
        return [_of_queue(metric, dimensions["QueueName"], period, clocks.scale) for period in within]
    if namespace == "AWS/States" and metric in _OF_STATE_MACHINES:
        ended = _ends(dimensions["StateMachineArn"], _OF_STATE_MACHINES[metric])
        # "Sum" is what counts; a period in which none ended has no data point.
        periods = clocks.of_functions(alarm, later)
        return [float(sum(map(period.has, ended))) or None for period in periods]
    points = _metrics.get().get((namespace, metric, _dims_key.get()(dimensions))) or []
    return [
        _published([point for point in points if period.has(point["Timestamp"])], alarm)
        for period in clocks.of_functions(alarm, later)
    ]


def _of_queue(metric: str, name: str, period: Period, scale: float) -> float | None:
    """The value at the end of a period, if the queue had in it what it has now."""
    for queue in _queues_named(name):
        if metric == _OLDEST:
            sent = [each["sent_at"] for each in queue["messages"] if each.get("receive_count", 0) <= _POISON]
            return max(period.ends - min(sent), 0.0) / scale if sent else 0.0
        _refresh_counts.get()(queue)
        return float(queue["attributes"][_OF_QUEUES[metric]])
    return None


def _queues_named(name: str) -> list[dict[str, Any]]:
    """The queue of the region, if there is one."""
    return [queue for queue in _queues.get().values() if queue["name"] == name]


def _ends(state_machine_arn: str, status: str) -> list[float]:
    return [
        datetime.fromisoformat(str(execution["stopDate"]).replace("Z", "+00:00")).timestamp()
        for execution in _executions.get().values()
        if execution["stateMachineArn"] == state_machine_arn and execution["status"] == status
    ]


def _published(points: list[dict[str, Any]], alarm: Mapping[str, Any]) -> float | None:
    if not points:
        return None
    statistic = alarm.get("ExtendedStatistic") or alarm["Statistic"]
    value: float | None = _stat_value.get()(_calc_stats.get()(points), statistic, points)
    return value
