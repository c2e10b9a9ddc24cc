"""What an alarm tells topics and EventBridge when its state changes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

import botocore.session

from chatops_local.ministack.messaging.alarms.metric_math import period_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_MAXIMUM_SUBJECT = 99


@dataclass(frozen=True)
class State:
    """A state of an alarm, and since when and why it has it."""

    value: str
    reason: str
    at: datetime

    def for_event(self) -> dict[str, str]:
        """As an event has it."""
        return {"value": self.value, "reason": self.reason, "timestamp": _timestamp(self.at)}


def subject(alarm: Mapping[str, Any], new: State) -> str:
    """The subject of the message to a topic."""
    text = f'{new.value}: "{alarm["AlarmName"]}" in {region_name(_region(alarm))}'
    # A reading of ours: how AWS shortens a subject that would be too long is not documented.
    return text if len(text) <= _MAXIMUM_SUBJECT else f"{text[: _MAXIMUM_SUBJECT - 3]}..."


def notification(alarm: Mapping[str, Any], old: State, new: State) -> str:
    """The message to a topic.

    A reading of ours: AWS documents no schema; the members are those of the messages that alarms send.
    """
    arn = str(alarm["AlarmArn"])
    document = {
        "AlarmName": alarm["AlarmName"],
        "AlarmDescription": alarm.get("AlarmDescription") or None,
        "AWSAccountId": arn.split(":")[4],
        "AlarmConfigurationUpdatedTimestamp": _timestamp(
            datetime.fromtimestamp(alarm["AlarmConfigurationUpdatedTimestamp"], timezone.utc)
        ),
        "NewStateValue": new.value,
        "NewStateReason": new.reason,
        "StateChangeTime": _timestamp(new.at),
        "Region": region_name(_region(alarm)),
        "AlarmArn": arn,
        "OldStateValue": old.value,
        "OKActions": alarm["OKActions"],
        "AlarmActions": alarm["AlarmActions"],
        "InsufficientDataActions": alarm["InsufficientDataActions"],
        "Trigger": _trigger(alarm),
    }
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False)


def event_detail(alarm: Mapping[str, Any], old: State, new: State) -> dict[str, Any]:
    """The detail of the event.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
    """
    if "Metrics" in alarm:
        metrics = [_event_metric(query) for query in alarm["Metrics"]]
    else:
        statistic = {"Metric": alarm, "Period": alarm["Period"], "Stat": _statistic(alarm)}
        metrics = [_event_metric({"Id": str(uuid5(NAMESPACE_URL, alarm["AlarmArn"])), "MetricStat": statistic})]
    return {
        "alarmName": alarm["AlarmName"],
        "state": new.for_event(),
        "previousState": old.for_event(),
        "configuration": {"description": alarm.get("AlarmDescription") or "", "metrics": metrics},
    }


def _event_metric(query: Mapping[str, Any]) -> dict[str, Any]:
    """A metric or an expression, as events have it."""
    returned = {"id": query["Id"], "returnData": query.get("ReturnData", True)}
    if "Expression" in query:
        return {
            **returned,
            "expression": query["Expression"],
            **({"label": query["Label"]} if "Label" in query else {}),
        }
    statistic = query["MetricStat"]
    metric = {
        "namespace": statistic["Metric"]["Namespace"],
        "name": statistic["Metric"]["MetricName"],
        "dimensions": {each["Name"]: each["Value"] for each in statistic["Metric"].get("Dimensions", [])},
    }
    return {
        **returned,
        "metricStat": {"metric": metric, "period": int(statistic["Period"]), "stat": statistic["Stat"]},
    }


def _trigger(alarm: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **(_metrics_trigger(alarm) if "Metrics" in alarm else _metric_trigger(alarm)),
        "EvaluationPeriods": alarm["EvaluationPeriods"],
        **({"DatapointsToAlarm": alarm["DatapointsToAlarm"]} if "DatapointsToAlarm" in alarm else {}),
        "ComparisonOperator": alarm["ComparisonOperator"],
        "Threshold": alarm["Threshold"],
        "TreatMissingData": alarm["TreatMissingData"],
        "EvaluateLowSampleCountPercentile": "",
    }


def _metric_trigger(alarm: Mapping[str, Any]) -> dict[str, Any]:
    extended = alarm.get("ExtendedStatistic")
    return {
        "MetricName": alarm["MetricName"],
        "Namespace": alarm["Namespace"],
        "StatisticType": "ExtendedStatistic" if extended else "Statistic",
        **({"ExtendedStatistic": extended} if extended else {"Statistic": _statistic(alarm).upper()}),
        "Unit": alarm.get("Unit"),
        "Dimensions": _written(alarm["Dimensions"]),
        "Period": alarm["Period"],
    }


def _metrics_trigger(alarm: Mapping[str, Any]) -> dict[str, Any]:
    metrics: list[dict[str, Any]] = []
    for query in alarm["Metrics"]:
        metric = {"ReturnData": True, **query}
        if "MetricStat" in query:
            measured = query["MetricStat"]["Metric"]
            dimensions = _written(measured.get("Dimensions", []))
            metric["MetricStat"] = {**query["MetricStat"], "Metric": {**measured, "Dimensions": dimensions}}
        metrics.append(metric)
    return {"Period": period_of(alarm["Metrics"]), "Metrics": metrics}


def _written(dimensions: Iterable[Mapping[str, str]]) -> list[dict[str, str]]:
    """Dimensions as the messages to topics have them."""
    return [{"value": dimension["Value"], "name": dimension["Name"]} for dimension in dimensions]


@cache
def region_name(region: str) -> str:
    """The name of a region as people read it, such as ``US East (N. Virginia)``."""
    partitions: list[dict[str, Any]] = botocore.session.get_session().get_data("endpoints")["partitions"]
    for partition in partitions:
        if region in partition["regions"]:
            return str(partition["regions"][region]["description"])
    return region


def _region(alarm: Mapping[str, Any]) -> str:
    return str(alarm["AlarmArn"]).split(":")[3]


def _statistic(alarm: Mapping[str, Any]) -> str:
    return str(alarm.get("ExtendedStatistic") or alarm["Statistic"])


def _timestamp(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "+0000")
