"""Cron expressions against an oracle that looks at every day of the calendar."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from chatops_local.scheduler.cron import CronExpression
from chatops_local.scheduler.cron_field import CronFieldError

if TYPE_CHECKING:
    from collections.abc import Callable

    Test = Callable[[datetime], bool]

DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")


def weekday(day: datetime) -> int:
    return (day.weekday() + 1) % 7 + 1


def is_last_of_month(day: datetime) -> bool:
    return (day + timedelta(days=1)).month != day.month


def nearest_weekday(day: datetime, wanted: int) -> bool:
    """Whether it is the nearest Monday to Friday to the day `wanted` of the same month, which has to have it."""
    try:
        target = day.replace(day=wanted)
    except ValueError:
        return False
    month = [target + timedelta(days=away) for away in (0, -1, 1, -2, 2)]
    working = [each for each in month if each.month == target.month and each.weekday() < 5]
    return working[0] == day


@st.composite
def lists(draw: st.DrawFn, first: int, last: int, names: tuple[str, ...] = ()) -> tuple[str, set[int]]:
    """A list of numbers, ranges and steps, and the numbers in it."""
    texts, values = [], set()
    for _ in range(draw(st.integers(1, 3))):
        a, b = draw(st.integers(first, last)), draw(st.integers(first, last))
        step = draw(st.integers(1, 9))
        word = draw(st.sampled_from([str(a), *names[a - first : a - first + 1]]))
        around = [*range(a, last + 1), *range(first, b + 1)] if a > b else [*range(a, b + 1)]
        text, meant = draw(
            st.sampled_from(
                [
                    (word, [a]),
                    (f"{word}-{b}", around),
                    (f"{word}/{step}", range(a, last + 1, step)),
                    (f"*/{step}", range(first, last + 1, step)),
                    (f"{word}-{b}/{step}", around[::step]),
                    ("*", range(first, last + 1)),
                ]
            )
        )
        texts.append(text)
        values.update(meant)
    return ",".join(texts), values


@st.composite
def days(draw: st.DrawFn) -> tuple[str, str, Test]:
    """Both day fields, and which days they mean."""
    wanted, day_of_week, n = draw(st.integers(1, 31)), draw(st.integers(1, 7)), draw(st.integers(1, 5))
    of_month, in_month = draw(lists(1, 31))
    of_week, in_week = draw(lists(1, 7, DAYS))
    name = draw(st.sampled_from([str(day_of_week), DAYS[day_of_week - 1], DAYS[day_of_week - 1].lower()]))
    choices: list[tuple[str, str, Test]] = [
        (of_month, "?", lambda day: day.day in in_month),
        ("?", of_week, lambda day: weekday(day) in in_week),
        ("L", "?", is_last_of_month),
        (f"{wanted}W", "?", lambda day: nearest_weekday(day, wanted)),
        ("?", "L", lambda day: weekday(day) == 7),
        ("?", f"{name}L", lambda day: weekday(day) == day_of_week and (day + timedelta(days=7)).month != day.month),
        ("?", f"{name}#{n}", lambda day: weekday(day) == day_of_week and (day.day - 1) // 7 + 1 == n),
    ]
    return draw(st.sampled_from(choices))


@given(
    minutes=lists(0, 59),
    hours=lists(0, 23),
    day=days(),
    months=lists(1, 12, MONTHS),
    years=lists(1970, 2199),
    since=st.datetimes(datetime(1970, 1, 1), datetime(2199, 1, 1)),
)
def test_every_day_of_ten_weeks(minutes, hours, day, months, years, since):
    of_month, of_week, is_meant = day
    text = f"{minutes[0]} {hours[0]} {of_month} {months[0]} {of_week} {years[0]}"
    until = since + timedelta(days=70)
    midnight = since.replace(hour=0, minute=0, second=0, microsecond=0)
    expected = [
        time
        for each in (midnight + timedelta(days=number) for number in range(72))
        if is_meant(each) and each.month in months[1] and each.year in years[1]
        for time in (
            each.replace(hour=hour, minute=minute) for hour in sorted(hours[1]) for minute in sorted(minutes[1])
        )
        if since <= time < until
    ]
    found = []
    for time in CronExpression.parse(text).local_times(since):
        if time >= until:
            break
        found.append(time)
    assert found == expected


@given(text=st.text("0123456789*?,-/LW#MONJAN ", max_size=24))
def test_any_text_is_read_or_refused_with_what_is_allowed(text):
    refusal = refusal_of(text)
    assert not refusal or any(
        word in refusal for word in ("is expected", "are expected", "has to be", "greater than 0")
    )


def refusal_of(text: str) -> str:
    try:
        CronExpression.parse(text)
    except CronFieldError as error:
        return str(error)
    return ""
