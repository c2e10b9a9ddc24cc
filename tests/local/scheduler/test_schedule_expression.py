"""When a schedule is due.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
"""

import itertools
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from chatops_local.scheduler import ExpressionError, parse_expression

UTC = timezone.utc
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)


def due(expression: str, zone: str = "UTC", *, after: datetime = NEW_YEAR, begins: datetime = NEW_YEAR, n: int = 3):
    times = parse_expression(expression, zone, begins=begins).times_after(after)
    return [f"{time:%Y-%m-%dT%H:%M:%S}" for time in itertools.islice(times, n)]


class TestCron:
    @pytest.mark.parametrize(
        ("expression", "times"),
        [
            # Examples of the page.
            ("cron(15 10 ? * 6L 2026)", ["2026-01-30T10:15:00", "2026-02-27T10:15:00", "2026-03-27T10:15:00"]),
            ("cron(0 8 1 * ? *)", ["2026-01-01T08:00:00", "2026-02-01T08:00:00", "2026-03-01T08:00:00"]),
            ("cron(0/5 8-17 ? * MON-FRI *)", ["2026-01-01T08:00:00", "2026-01-01T08:05:00", "2026-01-01T08:10:00"]),
            ("cron(0 9 ? * 2#1 *)", ["2026-01-05T09:00:00", "2026-02-02T09:00:00", "2026-03-02T09:00:00"]),
            ("cron(0 0 L * ? *)", ["2026-01-31T00:00:00", "2026-02-28T00:00:00", "2026-03-31T00:00:00"]),
            ("cron(0 0 3W * ? *)", ["2026-01-02T00:00:00", "2026-02-03T00:00:00", "2026-03-03T00:00:00"]),
            # The last day of the week is Saturday: 1-7 or SUN-SAT.
            ("cron(0 0 ? * L *)", ["2026-01-03T00:00:00", "2026-01-10T00:00:00", "2026-01-17T00:00:00"]),
            ("cron(0 0 ? * sun *)", ["2026-01-04T00:00:00", "2026-01-11T00:00:00", "2026-01-18T00:00:00"]),
            ("cron(0 0 1,15,L * ? *)", ["2026-01-15T00:00:00", "2026-01-31T00:00:00", "2026-02-01T00:00:00"]),
            ("cron(0 0 LW * ? *)", ["2026-01-30T00:00:00", "2026-02-27T00:00:00", "2026-03-31T00:00:00"]),
            ("cron(0 0 L-3 2 ? *)", ["2026-02-25T00:00:00", "2027-02-25T00:00:00", "2028-02-26T00:00:00"]),
            ("cron(0 0 31W * ? *)", ["2026-01-30T00:00:00", "2026-03-31T00:00:00", "2026-05-29T00:00:00"]),
            ("cron(0 0 1W * ? *)", ["2026-02-02T00:00:00", "2026-03-02T00:00:00", "2026-04-01T00:00:00"]),
            ("cron(0 0 ? * 2#5 *)", ["2026-03-30T00:00:00", "2026-06-29T00:00:00", "2026-08-31T00:00:00"]),
            ("cron(0 0 29 2 ? *)", ["2028-02-29T00:00:00", "2032-02-29T00:00:00", "2036-02-29T00:00:00"]),
            ("cron(30 23 31 DEC ? 2199)", ["2199-12-31T23:30:00"]),
            ("cron(0 0 31 2 ? *)", []),
            ("cron(0 0 1 1 ? 2025)", []),
        ],
    )
    def test_is_due(self, expression, times):
        assert due(expression) == times

    def test_strictly_after(self):
        assert due("cron(0 0 * * ? *)", n=1) == ["2026-01-02T00:00:00"]
        assert due("cron(0 0 * * ? *)", after=NEW_YEAR - timedelta(seconds=1), n=1) == ["2026-01-01T00:00:00"]

    @pytest.mark.parametrize(
        ("content", "text"),
        [
            ("0 2 * * ?", "'0 2 * * ?' has 5 fields"),
            ("0 2 * * * *", "day-of-month '*' and day-of-week '*': exactly one of them has to be '?'"),
            ("0 2 ? * ? *", "day-of-month '?' and day-of-week '?': exactly one"),
            ("60 2 * * ? *", "minutes '60': 0-59 is expected"),
            ("0 24 * * ? *", "hours '24': 0-23 is expected"),
            ("0 2 0 * ? *", "day-of-month '0': 1-31 is expected"),
            ("0 2 32W * ? *", "day-of-month '32': 1-31 is expected"),
            ("0 2 15L * ? *", "day-of-month '15L': 1-31 is expected"),
            ("0 2 * 13 ? *", "month '13': 1-12 or JAN-DEC is expected"),
            ("0 2 ? * 0 *", "day-of-week '0': 1-7 or SUN-SAT is expected"),
            ("0 2 ? * MONDAY *", "day-of-week 'MONDAY': 1-7 or SUN-SAT is expected"),
            ("0 2 ? * MON#6 *", "day-of-week 'MON#6': a number from 1 to 5 is expected after #"),
            ("0 2 ? * 2W *", "day-of-week '2W'"),
            ("0 2 * * ? 1969", "year '1969': 1970-2199 is expected"),
            ("0/0 2 * * ? *", "minutes '0/0': the step after / is a number greater than 0"),
            ("0/x 2 * * ? *", "minutes '0/x': the step"),
            ("1, 2 * * ? *", "minutes '': 0-59"),
            ("² 2 * * ? *", "minutes '²': 0-59"),
        ],
    )
    def test_refused(self, content, text):
        with pytest.raises(ExpressionError) as error:
            due(f"cron({content})")
        assert str(error.value).startswith(f"expression 'cron({content})': ")
        assert text in str(error.value)


class TestTimeZones:
    def test_local_times(self):
        assert due("cron(0 2 * * ? *)", "Asia/Tokyo", n=2) == ["2026-01-01T17:00:00", "2026-01-02T17:00:00"]

    def test_the_day_is_the_local_one(self):
        assert due("cron(0 2 ? * MON *)", "Asia/Tokyo", n=1) == ["2026-01-04T17:00:00"]

    def test_a_time_that_does_not_exist_is_skipped(self):
        # "your schedule invocation is skipped if the cron expression falls on a non-existent date and time": on 8 March
        # 2026 New York goes from 02:00 to 03:00.
        after = datetime(2026, 3, 6, 12, tzinfo=UTC)
        assert due("cron(30 2 * * ? *)", "America/New_York", after=after, n=2) == [
            "2026-03-07T07:30:00",
            "2026-03-09T06:30:00",
        ]

    def test_a_time_that_comes_twice_runs_once(self):
        # "your schedule runs only once and does not repeat its invocation": on 1 November 2026 New York goes from 02:00
        # back to 01:00.
        after = datetime(2026, 10, 31, 12, tzinfo=UTC)
        assert due("cron(30 1 * * ? *)", "America/New_York", after=after, n=2) == [
            "2026-11-01T05:30:00",
            "2026-11-02T06:30:00",
        ]

    def test_from_within_the_second_hour_the_next_is_tomorrow(self):
        after = datetime(2026, 11, 1, 6, 10, tzinfo=UTC)
        assert due("cron(30 1 * * ? *)", "America/New_York", after=after, n=1) == ["2026-11-02T06:30:00"]

    @pytest.mark.parametrize("zone", ["Asia/Tokio", "", "../etc/passwd", "+09:00"])
    def test_unknown(self, zone):
        with pytest.raises(ExpressionError, match="a name such as Asia/Tokyo or UTC is expected"):
            due("cron(0 2 * * ? *)", zone)


class TestRate:
    def test_counts_from_its_beginning_which_is_the_first_time(self):
        # "If you do not provide a StartDate for a rate-based schedule, your schedule starts invoking the target
        # immediately."
        before = NEW_YEAR - timedelta(seconds=1)
        assert due("rate(5 minutes)", after=before, n=2) == ["2026-01-01T00:00:00", "2026-01-01T00:05:00"]
        assert due("rate(5 minutes)", n=1) == ["2026-01-01T00:05:00"]
        assert due("rate(1 hour)", after=NEW_YEAR + timedelta(minutes=61), n=1) == ["2026-01-01T02:00:00"]

    def test_a_day_is_24_hours(self):
        begins = datetime(2026, 3, 7, 7, tzinfo=UTC)
        assert due("rate(1 day)", "America/New_York", begins=begins, after=begins, n=2) == [
            "2026-03-08T07:00:00",
            "2026-03-09T07:00:00",
        ]

    @pytest.mark.parametrize(
        "expression", ["rate(0 minutes)", "rate(5)", "rate(5 weeks)", "rate(-1 hour)", "rate(1.5 hours)"]
    )
    def test_refused(self, expression):
        with pytest.raises(ExpressionError, match="is no rate; rate"):
            due(expression)


class TestAt:
    def test_once(self):
        assert due("at(2026-11-22T02:00:00)", "Asia/Tokyo") == ["2026-11-21T17:00:00"]
        assert due("at(2025-11-22T02:00:00)") == []

    def test_a_time_that_does_not_exist(self):
        assert due("at(2026-03-08T02:30:00)", "America/New_York") == []

    @pytest.mark.parametrize("expression", ["at(2026-11-22)", "at(2026-13-01T00:00:00)", "at()"])
    def test_refused(self, expression):
        with pytest.raises(ExpressionError, match=r"at\(2026-11-22T02:00:00\) would be understood"):
            due(expression)


@pytest.mark.parametrize("expression", ["", "0 2 * * ? *", "cron(0 2 * * ? *) ", "every(5 minutes)", "cron"])
def test_another_form(expression):
    with pytest.raises(ExpressionError, match=r"cron\(…\), rate\(…\) or at\(…\) is expected"):
        due(expression)


@pytest.mark.parametrize("zone", ["Europe/London", "Australia/Lord_Howe", "America/St_Johns", "Asia/Kolkata"])
def test_hourly_through_a_year_is_in_order_and_where_the_clock_says(zone):
    """Clocks are set by an hour, by half an hour, and never."""
    times = parse_expression("cron(30 * * * ? *)", zone, begins=NEW_YEAR).times_after(NEW_YEAR)
    year = list(itertools.takewhile(lambda time: time.year == 2026, times))
    assert year == sorted(set(year))
    # The second of two hours with the same name is skipped; the first of January may begin on the dot.
    assert 8758 <= len(year) <= 8760
    assert all(time.astimezone(ZoneInfo(zone)).minute == 30 for time in year)
