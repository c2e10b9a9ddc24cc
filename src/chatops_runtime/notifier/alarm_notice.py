"""A notice of a CloudWatch alarm that changed its state.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-notification-schemas.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chatops_runtime import console
from chatops_runtime.notifier.notice import Notice, Severity
from chatops_runtime.notifier.short_text import bold, moment, paragraph, short

if TYPE_CHECKING:
    from chatops_runtime.notifier.envelope import Envelope

# A mark and a word: not everybody can tell a mark by its colour.
_STATES = {
    "ALARM": (":red_circle:", Severity.BAD),
    "INSUFFICIENT_DATA": (":grey_question:", Severity.DOUBTFUL),
    "OK": (":white_check_mark:", Severity.GOOD),
}
_OTHER_STATE = (":grey_question:", Severity.DOUBTFUL)

_LONGEST_NAME = 260


@dataclass(frozen=True)
class AlarmNotice(Notice):
    """An alarm's new state.

    Attributes:
        alarm: The notification of CloudWatch.
        about: See `Notice`.
        at: See `Notice`.
        mark: The state's emoji.
        severity: See `Notice`.
        state: See `Notice`.
    """

    alarm: dict[str, Any]
    about: tuple[str, str]
    at: float
    mark: str
    severity: Severity
    state: str

    @classmethod
    def of(cls, alarm: dict[str, Any], envelope: Envelope) -> AlarmNotice | None:
        """The notice in the JSON object `alarm`, or None if that is none of an alarm."""
        name, state = alarm.get("AlarmName"), alarm.get("NewStateValue")
        if not (isinstance(name, str) and isinstance(state, str)):
            return None
        mark, severity = _STATES.get(state, _OTHER_STATE)
        about = ("alarm", str(alarm.get("AlarmArn") or name))
        return cls(alarm, about, envelope.sent_at, mark, severity, short(state, 30))

    @property
    def line(self) -> str:
        """State, name, reason."""
        reason = short(self.alarm.get("NewStateReason", ""), 200)
        return f"{self.mark} *{self.state}* {self._name}" + (f": {reason}" if reason else "")

    def full(self, room: int) -> str:  # noqa: ARG002 - an alarm's notice is never as long as the least room
        """State, name, description, since when, reason, metric, where."""
        alarm = self.alarm
        before = short(alarm.get("OldStateValue") or "", 30)
        since = moment(alarm["StateChangeTime"]) if alarm.get("StateChangeTime") else ""
        lines = [
            f"{self.mark} *{self.state}* {self._name}",
            paragraph(alarm.get("AlarmDescription") or "", 800),
            " ".join(part for part in (f"since {since}" if since else "", f"(was {before})" if before else "") if part),
            short(alarm.get("NewStateReason") or "", 900),
            " · ".join(part for part in (_metric(alarm), _place(alarm)) if part),
        ]
        return "\n".join(line for line in lines if line)

    @property
    def _name(self) -> str:
        arn = self.alarm.get("AlarmArn")
        url = console.alarm(arn) if isinstance(arn, str) else None
        return bold(self.alarm["AlarmName"], _LONGEST_NAME, url)


def _metric(alarm: dict[str, Any]) -> str:
    """`AWS/EC2 CPUUtilization InstanceId=i-…`; the rule of a composite alarm; nothing for metric math."""
    if isinstance(alarm.get("AlarmRule"), str):
        return short(alarm["AlarmRule"], 300)
    trigger = alarm.get("Trigger")
    if not (isinstance(trigger, dict) and trigger.get("MetricName")):
        return ""
    dimensions = trigger.get("Dimensions")
    named = [
        f"{each.get('name')}={each.get('value')}"
        for each in (dimensions if isinstance(dimensions, list) else [])
        if isinstance(each, dict)
    ]
    return short(" ".join([str(trigger.get("Namespace") or ""), str(trigger["MetricName"]), *named]), 500)


def _place(alarm: dict[str, Any]) -> str:
    """The region as CloudWatch names it, `US East (N. Virginia)`, and the account."""
    region, account = alarm.get("Region"), alarm.get("AWSAccountId")
    told = [short(region, 60)] if region else []
    return ", ".join([*told, *([f"account {short(account, 20)}"] if account else [])])
