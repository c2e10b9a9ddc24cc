"""Simulated time: it stands still until it is told to go on, and then fires what is due."""

from __future__ import annotations

import heapq
import itertools
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from chatops_local.cloud import moments
from chatops_local.cloud.schedule_names import schedule_named
from chatops_local.cloud.schedules import SCHEDULE, Schedule
from chatops_local.cloud.tick import Surroundings, Tick

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chatops_local.server import DeployedStack, Server
    from chatops_local.slack import SlackDouble

MOST_AT_ONCE = 1_000
"""How many due times `advance` fires: more are a mistake in the arithmetic of dates."""

_JUST_BEFORE = timedelta(microseconds=1)


class ScheduleNotDueError(ValueError):
    """A schedule that is disabled, or has no due time left. The text says what to do."""


class SimulatedTime:
    """The schedules of a local cloud, and the time that they go by."""

    def __init__(
        self,
        server: Server,
        slack: SlackDouble,
        now: datetime,
        set_clocks: Callable[[datetime], None] = lambda _: None,
    ) -> None:
        """Let time stand at `now`, and have `set_clocks` called whenever it goes on."""
        self._server = server
        self._slack = slack
        self._paths: dict[tuple[str, str], str] = {}
        """By region and name."""
        self._begins: dict[str, datetime] = {}
        self._fired_until: dict[str, datetime] = {}
        self._set_clocks = set_clocks
        self.now = moments.in_utc(now, timezone.utc)
        set_clocks(self.now)

    def watch(self, stack: DeployedStack) -> None:
        """Know the schedules of `stack` by their constructs, and let new ones begin now."""
        for logical_id, resource in stack.template["Resources"].items():
            if resource["Type"] == SCHEDULE and logical_id in stack.physical_ids:
                path = str(resource.get("Metadata", {}).get("aws:cdk:path", ""))
                self._paths[stack.region, stack.resource(logical_id)] = path
        self.schedules()

    def schedules(self) -> list[Schedule]:
        """The schedules that are deployed."""
        return [
            Schedule.of(
                deployed,
                self._paths.get((deployed.arn.split(":")[3], deployed.name), ""),
                begins=self._begins.setdefault(deployed.arn, self.now),
                now=self.now,
            )
            for deployed in self._server.scheduler.schedules()
        ]

    def tick(self, name: str | None, at: datetime | str | None, *, times: int, force: bool) -> Tick:
        """Fire one schedule.

        Raises:
            NoSuchScheduleError: No or several schedules are meant.
            ScheduleNotDueError: It is disabled, or has no due time left.
            ValueError: `at` or `times` is not understood.
        """
        if times < 1:
            raise ValueError(f"times {times}: 1 or more is expected")
        schedule = schedule_named(name, self.schedules())
        if not schedule.enabled and not force:
            raise ScheduleNotDueError(f"schedule {schedule.title} is disabled; fire it with force if you mean it")
        if at is not None:
            return self._fire(schedule, _scheduled_time(at, schedule), times)
        due = next(schedule.times_after(max(self.now, self._done_until(schedule))), None)
        if due is None:
            raise ScheduleNotDueError(
                f"schedule {schedule.title}: {schedule.expression} is not due after {self.now:%Y-%m-%dT%H:%M:%SZ}; "
                "say at which time to fire it"
            )
        self._fired_until[schedule.arn] = due
        return self._fire(schedule, due, times)

    def advance(self, until: datetime) -> Iterator[Tick]:
        """Go on until a time, and fire what is due on the way, one after the other.

        Raises:
            ValueError: The time is past, or so much is due that it cannot be meant.
        """
        until = moments.in_utc(until, timezone.utc)
        if until < self.now:
            raise ValueError(f"to {until.isoformat()}: simulated time is at {self.now.isoformat()} and cannot go back")
        due = list(itertools.islice(self._due(until), MOST_AT_ONCE + 1))
        if len(due) > MOST_AT_ONCE:
            raise ValueError(
                f"to {until.isoformat()}: more than {MOST_AT_ONCE} times are due on the way; advance in smaller steps, "
                "or begin later with LocalCloud.start(now=…)"
            )
        for moment, schedule in due:
            self._go_on_to(moment)
            self._fired_until[schedule.arn] = moment
            yield self._fire(schedule, moment, 1)
        self._go_on_to(until)
        for schedule in self.schedules():
            # What was not due because it was disabled is not made up for.
            self._fired_until[schedule.arn] = max(until, self._done_until(schedule))

    def _go_on_to(self, moment: datetime) -> None:
        self.now = moment
        self._set_clocks(moment)
        self._slack.redeliver_due()

    def _due(self, until: datetime) -> Iterator[tuple[datetime, Schedule]]:
        """What is due on the way, in order of time, and in that of creation at the same time."""
        streams = [
            zip(
                itertools.takewhile(lambda due: due <= until, schedule.times_after(self._done_until(schedule))),
                itertools.repeat(schedule),
                strict=False,
            )
            for schedule in self.schedules()
            if schedule.enabled
        ]
        return heapq.merge(*streams, key=lambda due: due[0])

    def _done_until(self, schedule: Schedule) -> datetime:
        begins = self._begins[schedule.arn]
        if schedule.is_rate:
            # It is due at its very beginning.
            begins -= _JUST_BEFORE
        return max(begins, self._fired_until.get(schedule.arn, begins))

    def _fire(self, schedule: Schedule, due: datetime, times: int) -> Tick:
        around = Surroundings.of(self._server, self._slack)
        firing = self._server.scheduler.fire(schedule.arn, due.timestamp(), times=times)
        return Tick(schedule, due, firing, around)


def _scheduled_time(at: datetime | str, schedule: Schedule) -> datetime:
    zone = ZoneInfo(schedule.time_zone)
    wanted = moments.parsed(at)
    time = moments.in_utc(wanted, zone)
    if wanted.tzinfo is None and time.astimezone(zone).replace(tzinfo=None) != wanted:
        raise ScheduleNotDueError(
            f"at {wanted}: {schedule.time_zone} has no such time, its clocks are set forward then"
        )
    return time
