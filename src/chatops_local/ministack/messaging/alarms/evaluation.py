"""Evaluates alarms when it is asked for.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
"""

from __future__ import annotations

import operator
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

from chatops_local.ministack.messaging.alarms.metrics import Clocks, datapoints
from chatops_local.ministack.private import private

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_alarms = private("services.cloudwatch:_alarms")
_evaluate_alarm = private("services.cloudwatch:_evaluate_alarm", "alarm")
_record_history = private(
    "services.cloudwatch:_record_history", "alarm_name, old_state, new_state, reason, alarm_type, reason_data"
)
_dispatch_alarm_actions = private("services.cloudwatch:_dispatch_alarm_actions", "alarm, old_state, new_state, reason")
_request_scope = private("core.responses:request_scope", "account_id, region")

COMPARISONS = {
    "GreaterThanOrEqualToThreshold": (operator.ge, "greater than or equal to"),
    "GreaterThanThreshold": (operator.gt, "greater than"),
    "LessThanThreshold": (operator.lt, "less than"),
    "LessThanOrEqualToThreshold": (operator.le, "less than or equal to"),
}


def apply() -> None:
    """Keep MiniStack from evaluating alarms by itself: it looks at no dimensions and at no missing data."""
    _evaluate_alarm.wrap(lambda _original: lambda alarm: None)  # noqa: ARG005 - MiniStack's signature


def evaluate_all(clocks: Clocks, later: float = 0.0) -> dict[str, str]:
    """Evaluate every alarm of every region now; returns the state of each by its name.

    Alarms of one name in several regions go by their ARNs.

    Args:
        clocks: what metrics go by.
        later: seconds of AWS that are taken to have passed since now, for an alarm on what does not happen.
    """
    alarms: list[dict[str, Any]] = _alarms.get().all_values()
    for alarm in alarms:
        _, _, _, region, account, *_ = alarm["AlarmArn"].split(":")
        # Metrics, queues and topics are those of the alarm's region.
        with _request_scope.get()(account, region):
            _evaluate(alarm, clocks, later)
    names = Counter(alarm["AlarmName"] for alarm in alarms)
    return {
        alarm["AlarmName" if names[alarm["AlarmName"]] == 1 else "AlarmArn"]: alarm["StateValue"] for alarm in alarms
    }


def _evaluate(alarm: dict[str, Any], clocks: Clocks, later: float) -> None:
    decided = state_for(alarm, datapoints(alarm, clocks, later))
    if decided is not None and decided[0] != alarm["StateValue"]:
        _change(alarm, *decided)


def state_for(alarm: Mapping[str, Any], values: Sequence[float | None]) -> tuple[str, str] | None:
    """The state that an alarm has on these values, and why; None if it keeps the one it has.

    Args:
        alarm: its configuration.
        values: the value of each period; None where there is none.
    """
    compare, words = COMPARISONS[alarm["ComparisonOperator"]]
    threshold, missing = float(alarm["Threshold"]), str(alarm["TreatMissingData"])
    present = [value for value in values if value is not None]
    if not present and missing == "ignore":
        return None
    if not present and missing == "missing":
        return "INSUFFICIENT_DATA", "Insufficient Data: no datapoints were received"
    breaching = sum(1 for value in present if compare(value, threshold))
    needed = int(alarm.get("DatapointsToAlarm", len(values)))
    if missing == "breaching":
        breaching += len(values) - len(present)
    elif missing in ("missing", "ignore"):
        # A reading of the page above: what there is decides where there is less than it takes.
        needed = min(needed, len(present))
    state = "ALARM" if breaching >= needed else "OK"
    if not present:
        treated = "Breaching" if missing == "breaching" else "NonBreaching"
        were = "was" if len(values) == 1 else "were"
        return state, (
            f"Threshold Crossed: no datapoints were received for {_count(len(values), 'period')} and "
            f"{_count(len(values), 'missing datapoint')} {were} treated as [{treated}]."
        )
    shown = ", ".join(str(value) for value in reversed(present))
    negation = "" if state == "ALARM" else "not "
    return state, (
        f"Threshold Crossed: {_count(len(present), 'datapoint')} [{shown}] "
        f"{'was' if len(present) == 1 else 'were'} {negation}{words} the threshold ({threshold})."
    )


def _change(alarm: dict[str, Any], state: str, reason: str) -> None:
    old = alarm["StateValue"]
    alarm.update(StateValue=state, StateReason=reason, StateUpdatedTimestamp=int(time.time()))
    _record_history.get()(alarm["AlarmName"], old, state, reason)
    _dispatch_alarm_actions.get()(alarm, old, state, reason)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
