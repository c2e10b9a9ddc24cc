"""What an alarm tells topics and EventBridge when its state changes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

import botocore.session

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    metric = {
        "namespace": alarm["Namespace"],
        "name": alarm["MetricName"],
        "dimensions": {dimension["Name"]: dimension["Value"] for dimension in alarm["Dimensions"]},
    }
    statistic = {"metric": metric, "period": alarm["Period"], "stat": _statistic(alarm)}
    metrics = [{"id": str(uuid5(NAMESPACE_URL, alarm["AlarmArn"])), "metricStat": statistic, "returnData": True}]
    return {
        "alarmName": alarm["AlarmName"],
        "state": new.for_event(),
        "previousState": old.for_event(),
        "configuration": {"description": alarm.get("AlarmDescription") or "", "metrics": metrics},
    }


def _trigger(alarm: Mapping[str, Any]) -> dict[str, Any]:
    extended = alarm.get("ExtendedStatistic")
    return {
        "MetricName": alarm["MetricName"],
        "Namespace": alarm["Namespace"],
        "StatisticType": "ExtendedStatistic" if extended else "Statistic",
        **({"ExtendedStatistic": extended} if extended else {"Statistic": _statistic(alarm).upper()}),
        "Unit": alarm.get("Unit"),
        "Dimensions": [{"value": dimension["Value"], "name": dimension["Name"]} for dimension in alarm["Dimensions"]],
        "Period": alarm["Period"],
        "EvaluationPeriods": alarm["EvaluationPeriods"],
        **({"DatapointsToAlarm": alarm["DatapointsToAlarm"]} if "DatapointsToAlarm" in alarm else {}),
        "ComparisonOperator": alarm["ComparisonOperator"],
        "Threshold": alarm["Threshold"],
        "TreatMissingData": alarm["TreatMissingData"],
        "EvaluateLowSampleCountPercentile": "",
    }


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
