"""Who closes and opens the site: a deployment, or people and plans at run time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aws_cdk import Duration
from aws_cdk import aws_scheduler as scheduler

from chatops_constructs._durations import check_duration
from chatops_constructs._problems import Problems, matches
from chatops_runtime.contracts import maintenance as contract

if TYPE_CHECKING:
    from collections.abc import Sequence

WINDOW_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,39}")
LONGEST_WITHOUT_END = Duration.hours(4)
MOST_WITHOUT_END = Duration.days(30)


@dataclass(frozen=True)
class MaintenanceWindow:
    """A planned maintenance, which begins and ends by itself.

    Example:
        from aws_cdk import Duration, TimeZone
        from aws_cdk import aws_scheduler as scheduler
        from chatops_constructs import MaintenanceWindow

        sunday_night = MaintenanceWindow(
            name="SundayNight",
            schedule=scheduler.ScheduleExpression.cron(
                week_day="SUN", hour="2", minute="0", time_zone=TimeZone.ASIA_TOKYO
            ),
            duration=Duration.hours(1),
        )

    Attributes:
        name: What it is called in the status and in the log: a letter, then up to 39 letters, digits and hyphens.
        schedule: When it begins: `ScheduleExpression.cron` or `.at`, with a time zone.
        duration: How long it takes: 1 minute to 24 hours.
    """

    name: str
    schedule: scheduler.ScheduleExpression
    duration: Duration


class SwitchedBy:
    """Who says whether the site is closed: make one with `deploy` or `run_time`.

    One of the two, never both: a deployment would undo what was switched at run time.
    """

    def __init__(
        self,
        *,
        enabled: bool | None,
        windows: Sequence[MaintenanceWindow],
        longest_without_end: Duration,
    ) -> None:
        """Keep what was checked; use the factories instead.

        Args:
            enabled: Whether the site is closed; None: that is said at run time.
            windows: Planned windows.
            longest_without_end: After which a maintenance without an end is overdue.
        """
        self._enabled = enabled
        self._windows = tuple(windows)
        self._longest_without_end = longest_without_end

    @staticmethod
    def deploy(*, enabled: bool) -> SwitchedBy:
        """A deployment closes and opens the site.

        Args:
            enabled: Whether it is closed.

        Raises:
            ValueError: It is neither True nor False.
        """
        problems = Problems("SwitchedBy.deploy")
        problems.check(
            isinstance(enabled, bool),
            "enabled",
            enabled,
            "True or False",
            "write one of them; for a switch at run time use SwitchedBy.run_time()",
        )
        problems.raise_if_any()
        return SwitchedBy(enabled=enabled, windows=(), longest_without_end=LONGEST_WITHOUT_END)

    @staticmethod
    def run_time(
        *, windows: Sequence[MaintenanceWindow] = (), alarm_if_on_longer_than: Duration | None = None
    ) -> SwitchedBy:
        """A function closes and opens the site: from Slack, by planned windows, or by whoever may invoke it.

        Args:
            windows: Planned windows, with names of their own. Default: none.
            alarm_if_on_longer_than: After which the alarm goes off if nobody said when the maintenance ends: 5 minutes
                to 30 days. One with an end is overdue at its end. Default: 4 hours.

        Raises:
            ValueError: A window or the duration is not allowed.
        """
        longest = LONGEST_WITHOUT_END if alarm_if_on_longer_than is None else alarm_if_on_longer_than
        problems = Problems("SwitchedBy.run_time")
        check_duration(problems, "alarm_if_on_longer_than", longest, least=300, most=MOST_WITHOUT_END.to_seconds())
        for place, window in enumerate(windows):
            _check_window(problems, f"windows[{place}]", window)
        names = [window.name.lower() for window in windows if isinstance(window, MaintenanceWindow)]
        problems.check(
            len(names) == len(set(names)), "windows", names, "names that differ", "give each window its own name"
        )
        problems.raise_if_any()
        return SwitchedBy(enabled=None, windows=windows, longest_without_end=longest)

    @property
    def enabled(self) -> bool | None:
        """Whether the template closes the site; None: that is said at run time."""
        return self._enabled

    @property
    def windows(self) -> tuple[MaintenanceWindow, ...]:
        """The planned windows."""
        return self._windows

    @property
    def longest_without_end(self) -> Duration:
        """After which a maintenance without an end is overdue."""
        return self._longest_without_end


def _check_window(problems: Problems, parameter: str, window: object) -> None:
    if not isinstance(window, MaintenanceWindow):
        problems.check(False, parameter, window, "a MaintenanceWindow", "write MaintenanceWindow(name=…, …)")
        return
    problems.check(
        matches(WINDOW_NAME, window.name),
        f"{parameter}.name",
        window.name,
        "a letter, then up to 39 letters, digits and hyphens",
        "choose another name",
        tokens=False,
    )
    is_expression = isinstance(window.schedule, scheduler.ScheduleExpression)
    problems.check(
        is_expression and not window.schedule.expression_string.startswith("rate("),
        f"{parameter}.schedule",
        window.schedule.expression_string if is_expression else window.schedule,
        "ScheduleExpression.cron(…) or .at(…) of aws_cdk.aws_scheduler",
        "say at what time of the day it begins",
    )
    check_duration(
        problems,
        f"{parameter}.duration",
        window.duration,
        least=contract.SHORTEST_SECONDS,
        most=contract.LONGEST_SECONDS,
    )
