"""Which days of a month a cron expression means: day-of-month or day-of-week, with L, W and #."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from chatops_local.scheduler.cron_field import DAY_OF_MONTH, DAY_OF_WEEK, CronFieldError

if TYPE_CHECKING:
    from collections.abc import Callable

    Rule = Callable[[int, int], set[int]]
    """The days of a year and month."""

UNSPECIFIED = "?"
_SUNDAY, _SATURDAY = 1, 7
_WEEKS = 5

_BEFORE_LAST = re.compile(r"L-(\d{1,2})", re.ASCII)
_NEAREST_WEEKDAY = re.compile(r"(\d{1,2})W", re.ASCII)
_LAST_WEEKDAY = re.compile(r"(\w+)L", re.ASCII)
_NTH_WEEKDAY = re.compile(r"(\w+)#(\d)", re.ASCII)


@dataclass(frozen=True)
class CronDays:
    """The day fields of a cron expression."""

    rules: tuple[Rule, ...]

    @classmethod
    def parse(cls, day_of_month: str, day_of_week: str) -> CronDays:
        """Read both fields, of which exactly one is `?`.

        Raises:
            CronFieldError: both or neither are, or the other one is not understood.
        """
        if (day_of_month == UNSPECIFIED) == (day_of_week == UNSPECIFIED):
            raise CronFieldError(
                f"day-of-month {day_of_month!r} and day-of-week {day_of_week!r}: exactly one of them has to be '?'"
            )
        if day_of_week == UNSPECIFIED:
            return cls(tuple(_rule_of_month(part.upper()) for part in day_of_month.split(",")))
        return cls(tuple(_rule_of_week(part.upper()) for part in day_of_week.split(",")))

    def of(self, year: int, month: int) -> list[int]:
        """The days of a month, in order."""
        return sorted(set().union(*(rule(year, month) for rule in self.rules)))


def _rule_of_month(text: str) -> Rule:
    if text == "L":
        return lambda year, month: {_length(year, month)}
    if text == "LW":
        return lambda year, month: {_nearest_weekday(year, month, _length(year, month))}
    if match := _BEFORE_LAST.fullmatch(text):
        before = int(match[1])
        return lambda year, month: {day for day in (_length(year, month) - before,) if day >= 1}
    if match := _NEAREST_WEEKDAY.fullmatch(text):
        wanted = DAY_OF_MONTH.number(match[1])
        return lambda year, month: {_nearest_weekday(year, month, wanted)} if wanted <= _length(year, month) else set()
    values = DAY_OF_MONTH.values(text)
    return lambda year, month: {day for day in values if day <= _length(year, month)}


def _rule_of_week(text: str) -> Rule:
    if text == "L":
        # The last day of the week.
        return lambda year, month: set(_days_on(year, month, _SATURDAY))
    if match := _LAST_WEEKDAY.fullmatch(text):
        last = DAY_OF_WEEK.number(match[1])
        return lambda year, month: {_days_on(year, month, last)[-1]}
    if match := _NTH_WEEKDAY.fullmatch(text):
        weekday, n = DAY_OF_WEEK.number(match[1]), int(match[2])
        if not 1 <= n <= _WEEKS:
            raise CronFieldError(f"day-of-week {text!r}: a number from 1 to {_WEEKS} is expected after #")
        return lambda year, month: set(_days_on(year, month, weekday)[n - 1 : n])
    weekdays = DAY_OF_WEEK.values(text)
    return lambda year, month: {day for weekday in weekdays for day in _days_on(year, month, weekday)}


def _length(year: int, month: int) -> int:
    return monthrange(year, month)[1]


def _weekday(year: int, month: int, day: int) -> int:
    """AWS counts from Sunday, 1."""
    return date(year, month, day).isoweekday() % 7 + 1


def _days_on(year: int, month: int, weekday: int) -> range:
    first = 1 + (weekday - _weekday(year, month, 1)) % 7
    return range(first, _length(year, month) + 1, 7)


def _nearest_weekday(year: int, month: int, day: int) -> int:
    """Monday to Friday, without leaving the month."""
    weekday = _weekday(year, month, day)
    if weekday == _SATURDAY:
        return day - 1 if day > 1 else day + 2
    if weekday == _SUNDAY:
        return day + 1 if day < _length(year, month) else day - 2
    return day
