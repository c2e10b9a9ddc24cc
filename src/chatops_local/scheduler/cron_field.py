"""One field of a cron expression: numbers, names, lists, ranges and steps."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")


class CronFieldError(ValueError):
    """A field that AWS's cron dialect does not have, with what is allowed."""


@dataclass(frozen=True)
class CronField:
    """What a field may hold.

    Args:
        name: how an error calls it.
        first: the smallest number.
        last: the largest number.
        names: words for numbers.
    """

    name: str
    first: int
    last: int
    names: Mapping[str, int] = field(default_factory=dict)

    def values(self, text: str) -> frozenset[int]:
        """The numbers that a list of numbers, ranges and steps stands for.

        Raises:
            CronFieldError: `text` is no such list.
        """
        return frozenset(value for part in text.split(",") for value in self._part(part))

    def number(self, text: str) -> int:
        """One number, or the name of one.

        Raises:
            CronFieldError: it is neither, or out of range.
        """
        number = self.names.get(text.upper(), -1)
        if text.isascii() and text.isdigit():
            number = int(text)
        if not self.first <= number <= self.last:
            raise CronFieldError(f"{self.name} {text!r}: {self._allowed} is expected")
        return number

    @property
    def _allowed(self) -> str:
        words = sorted(self.names, key=self.names.__getitem__)
        return f"{self.first}-{self.last}" + (f" or {words[0]}-{words[-1]}" if words else "")

    def _part(self, text: str) -> range | list[int]:
        span, slash, step = text.partition("/")
        if slash and not (step.isascii() and step.isdigit() and int(step) > 0):
            raise CronFieldError(f"{self.name} {text!r}: the step after / is a number greater than 0")
        first, last = self._span(span, is_open=bool(slash))
        if first > last:
            # From Quartz, whose dialect this is: FRI-MON is Friday to Monday.
            around = [*range(first, self.last + 1), *range(self.first, last + 1)]
            return around[:: int(step or 1)]
        return range(first, last + 1, int(step or 1))

    def _span(self, text: str, *, is_open: bool) -> tuple[int, int]:
        if text == "*":
            return self.first, self.last
        first, dash, last = text.partition("-")
        begin = self.number(first)
        if dash:
            return begin, self.number(last)
        # 5/15 is every fifteenth from the fifth on.
        return begin, self.last if is_open else begin


MINUTES = CronField("minutes", 0, 59)
HOURS = CronField("hours", 0, 23)
DAY_OF_MONTH = CronField("day-of-month", 1, 31)
MONTH = CronField("month", 1, 12, {name: number for number, name in enumerate(_MONTHS, 1)})
DAY_OF_WEEK = CronField("day-of-week", 1, 7, {name: number for number, name in enumerate(_DAYS, 1)})
YEAR = CronField("year", 1970, 2199)
