"""Alarms on metric math, as templates configure them: MiniStack has alarms on one metric only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_local.ministack.messaging.alarms.metric_math import problems
from chatops_local.ministack.private import Untyped, private

if TYPE_CHECKING:
    from collections.abc import Mapping

_cw_metric_alarm_record = private("services.cloudformation.provisioners:_cw_metric_alarm_record", "name, props")

_OF_ONE_METRIC = ("MetricName", "Namespace", "Statistic", "ExtendedStatistic", "Dimensions", "Unit", "Period")
"""What CloudWatch has no value for where there are Metrics."""


def apply() -> None:
    """Let templates configure alarms on metric math."""

    def replaced(original: Untyped) -> Untyped:
        def metric_alarm_record(name: str, props: Mapping[str, Any]) -> dict[str, Any]:
            metrics = props.get("Metrics")
            if not metrics:
                configured: dict[str, Any] = original(name, props)
                return configured
            for problem in problems(metrics):
                raise ValueError(problem)
            others = {key: value for key, value in props.items() if key != "Metrics"}
            configured = original(name, {**others, "MetricName": "-", "Namespace": "-"})
            return {key: value for key, value in configured.items() if key not in _OF_ONE_METRIC} | {"Metrics": metrics}

        return metric_alarm_record

    _cw_metric_alarm_record.wrap(replaced)
