"""AWS's cron expressions: six fields, minutes to year, read in the schedule's time zone.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from chatops_local.scheduler.cron_days import CronDays
from chatops_local.scheduler.cron_field import HOURS, MINUTES, MONTH, YEAR, CronFieldError

if TYPE_CHECKING:
    from collections.abc import Iterator

_FIELDS = 6


@dataclass(frozen=True)
class CronExpression:
    """A cron expression as a calendar of local times, without a zone."""

    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: CronDays
    months: tuple[int, ...]
    years: tuple[int, ...]

    @classmethod
    def parse(cls, text: str) -> CronExpression:
        """Read what is between the parentheses of `cron(…)`.

        Raises:
            CronFieldError: naming the field and what is allowed.
        """
        fields = text.split()
        if len(fields) != _FIELDS:
            raise CronFieldError(
                f"{text!r} has {len(fields)} fields: minutes, hours, day-of-month, month, day-of-week and year "
                "are expected"
            )
        minutes, hours, day_of_month, month, day_of_week, year = fields
        return cls(
            tuple(sorted(MINUTES.values(minutes))),
            tuple(sorted(HOURS.values(hours))),
            CronDays.parse(day_of_month, day_of_week),
            tuple(sorted(MONTH.values(month))),
            tuple(sorted(YEAR.values(year))),
        )

    def local_times(self, since: datetime) -> Iterator[datetime]:
        """Every local time from `since` on, in order, to the end of the last year."""
        for year in self.years:
            for month in self.months:
                if (year, month) >= (since.year, since.month):
                    yield from self._times_in(year, month, since)

    def _times_in(self, year: int, month: int, since: datetime) -> Iterator[datetime]:
        for day in self.days.of(year, month):
            if (year, month, day) < (since.year, since.month, since.day):
                continue
            for hour in self.hours:
                for minute in self.minutes:
                    time = datetime(year, month, day, hour, minute)
                    if time >= since:
                        yield time
