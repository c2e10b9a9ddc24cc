"""Schedule expressions, `cron(…)`, `rate(…)` and `at(…)`: when a schedule is due.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

from chatops_local.scheduler.cron import CronExpression
from chatops_local.scheduler.cron_field import CronFieldError

if TYPE_CHECKING:
    from collections.abc import Iterator

_FORM = re.compile(r"(cron|rate|at)\((.*)\)", re.DOTALL)
_RATE = re.compile(r"(\d{1,9}) (minute|hour|day)s?", re.ASCII)
_ONE_DAY = timedelta(days=1)


class ExpressionError(ValueError):
    """An expression or a time zone that Scheduler refuses."""


class ScheduleExpression(Protocol):
    """When a schedule is due."""

    def times_after(self, moment: datetime) -> Iterator[datetime]:
        """Every due time after `moment`, in order, in UTC."""


def parse_expression(text: str, zone: str, *, begins: datetime) -> ScheduleExpression:
    """Read a schedule expression.

    Args:
        text: the expression.
        zone: the name of the zone in which times are meant.
        begins: from when a rate counts: the schedule's start date, or else its creation.

    Raises:
        ExpressionError: AWS would refuse it.
    """
    time_zone = _zone(zone)
    match = _FORM.fullmatch(text)
    if match is None:
        raise ExpressionError(f"expression {text!r}: cron(…), rate(…) or at(…) is expected")
    kind, content = match.groups()
    try:
        if kind == "cron":
            return _Cron(CronExpression.parse(content), time_zone)
        if kind == "rate":
            return _Rate(_interval(content), begins)
        # A one-time schedule knows seconds, and no zone of its own.
        return _OneTime(_utc(datetime.strptime(content, "%Y-%m-%dT%H:%M:%S"), time_zone))
    except CronFieldError as error:
        raise ExpressionError(f"expression {text!r}: {error}") from None
    except ValueError as error:
        raise ExpressionError(
            f"expression {text!r}: {error}; rate(5 minutes) or at(2026-11-22T02:00:00) would be understood"
        ) from None


@dataclass(frozen=True)
class _Cron:
    expression: CronExpression
    zone: ZoneInfo

    def times_after(self, moment: datetime) -> Iterator[datetime]:
        # A day earlier, as local clocks may be set back.
        since = moment.astimezone(self.zone).replace(tzinfo=None) - _ONE_DAY
        for local in self.expression.local_times(since):
            due = _utc(local, self.zone)
            if due is not None and due > moment:
                yield due


@dataclass(frozen=True)
class _Rate:
    interval: timedelta
    begins: datetime

    def times_after(self, moment: datetime) -> Iterator[datetime]:
        # The first time is the beginning itself: "your schedule starts invoking the target immediately". Days are 24
        # hours, whatever the clocks do.
        due = self.begins
        if moment >= due:
            due += ((moment - due) // self.interval + 1) * self.interval
        while True:
            yield due
            due += self.interval


@dataclass(frozen=True)
class _OneTime:
    time: datetime | None

    def times_after(self, moment: datetime) -> Iterator[datetime]:
        if self.time is not None and self.time > moment:
            yield self.time


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        raise ExpressionError(f"time zone {name!r}: a name such as Asia/Tokyo or UTC is expected") from None


def _interval(text: str) -> timedelta:
    match = _RATE.fullmatch(text)
    if match is None or int(match[1]) == 0:
        raise ValueError(f"{text!r} is no rate")
    return timedelta(**{f"{match[2]}s": int(match[1])})


def _utc(local: datetime, zone: ZoneInfo) -> datetime | None:
    """The moment of a local time; None for one that does not exist.

    When clocks are set forward, an invocation whose time does not exist is skipped. When they are set back, a schedule
    runs once: we take the first of the two, which the documentation leaves open.
    https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#daylist-savings-time
    """
    moment = local.replace(tzinfo=zone).astimezone(timezone.utc)
    return moment if moment.astimezone(zone).replace(tzinfo=None) == local else None
