"""The schedules of the deployed apps: what they are called and when they are due."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from chatops_local.scheduler import ScheduleExpression, parse_expression

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatops_local.server.scheduler import DeployedSchedule

SCHEDULE = "AWS::Scheduler::Schedule"

_NEXT_TIMES = 3
_GENERATED_IDS = ("Resource", "Schedule")
"""What constructs call the parts of themselves: a path is known by what is before."""


@dataclass(frozen=True)
class Schedule:
    """One schedule.

    Attributes:
        name: Its name.
        arn: Its ARN.
        path: The path of the construct that it belongs to; empty if the template does not say.
        expression: `cron(…)`, `rate(…)` or `at(…)`.
        time_zone: The zone in which the expression is read.
        enabled: Whether it is due at all. One that is not can be fired with `force`.
        next_times: When it is due next in simulated time, in its zone: three times, or fewer if there are no more.
    """

    name: str
    arn: str
    path: str
    expression: str
    time_zone: str
    enabled: bool
    next_times: tuple[datetime, ...]
    _times: _Times = field(repr=False, compare=False)

    @classmethod
    def of(cls, deployed: DeployedSchedule, construct_path: str, *, begins: datetime, now: datetime) -> Schedule:
        """A deployed schedule as it is seen at a simulated time.

        Args:
            deployed: The schedule.
            construct_path: The path of its resource, or an empty text.
            begins: When it was deployed, in simulated time: a rate counts from there.
            now: The simulated time.
        """
        start = _moment(deployed.start)
        expression = parse_expression(deployed.expression, deployed.time_zone, begins=start or begins)
        times = _Times(expression, start, _moment(deployed.end))
        zone = ZoneInfo(deployed.time_zone)
        return cls(
            deployed.name,
            deployed.arn,
            owner_path(construct_path),
            deployed.expression,
            deployed.time_zone,
            deployed.enabled,
            tuple(time.astimezone(zone) for time in itertools.islice(times.after(now), _NEXT_TIMES)),
            times,
        )

    @property
    def title(self) -> str:
        """What people know it by: its construct's path, or its name."""
        return self.path or self.name

    @property
    def is_rate(self) -> bool:
        """Whether it goes by an interval and not by the calendar."""
        return self.expression.startswith("rate(")

    def times_after(self, moment: datetime) -> Iterator[datetime]:
        """Every due time after `moment`, in order, in UTC, as if it were enabled."""
        return self._times.after(moment)


@dataclass(frozen=True)
class _Times:
    """Due times between a start and an end date.

    https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html
    """

    expression: ScheduleExpression
    start: datetime | None
    end: datetime | None

    def after(self, moment: datetime) -> Iterator[datetime]:
        for time in self.expression.times_after(moment):
            if self.end is not None and time > self.end:
                return
            if self.start is None or time >= self.start:
                yield time


def owner_path(construct_path: str) -> str:
    """The construct that a schedule's resource belongs to: `Ops/Nightly` of `Ops/Nightly/Schedule/Resource`."""
    parts = construct_path.split("/")
    for generated in _GENERATED_IDS:
        if len(parts) > 1 and parts[-1] == generated:
            parts.pop()
    return "/".join(parts)


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, timezone.utc)
