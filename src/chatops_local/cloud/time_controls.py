"""Simulated time and schedules, as a local cloud offers them."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chatops_local.cloud.schedules import Schedule
    from chatops_local.cloud.simulated_time import SimulatedTime
    from chatops_local.cloud.tick import Tick
    from chatops_local.server import Server


class TimeControls:
    """What a test does with time."""

    server: Server
    _time: SimulatedTime

    @property
    def now(self) -> datetime:
        """The simulated time, in UTC, that schedules go by. It stands still between calls of `advance`."""
        return self._time.now

    @property
    def clock(self) -> datetime:
        """What functions take the time to be: simulated time, and what this machine has taken since the start."""
        return datetime.now(timezone.utc) + timedelta(seconds=self.server.clock_shift)

    @property
    def schedules(self) -> list[Schedule]:
        """The schedules that are deployed. They never fire by themselves: `tick` and `advance` fire them."""
        return self._time.schedules()

    def tick(
        self, name: str | None = None, *, at: datetime | str | None = None, times: int = 1, force: bool = False
    ) -> Tick:
        """Fire a schedule now.

        Args:
            name: Its name, the path or id of its construct, or the end of its name. Default: the only schedule.
            at: The scheduled time that its target is told; without a zone it is in the schedule's. Default: when it is
                due next in simulated time, and at the next call the time after that.
            times: How often it is delivered. EventBridge Scheduler delivers at least once.
            force: Whether to fire it although it is disabled.

        Returns:
            What came of it; `wait` for it.

        Raises:
            NoSuchScheduleError: No or several schedules are meant.
            ScheduleNotDueError: It is disabled, or never due again.
        """
        return self._time.tick(name, at, times=times, force=force)

    def advance(
        self,
        *,
        to: datetime | None = None,
        by: timedelta | None = None,
        overlapping: bool = False,
        timeout: float = 60.0,
    ) -> list[Tick]:
        """Let simulated time go on, and fire every schedule that is due on the way, in order of time.

        The clocks of functions, and of Slack's signatures, are put forward with it. Nothing else goes by simulated
        time: waits and time limits of state machines take the machine's time, scaled.

        Args:
            to: Until when; without a zone it is in UTC.
            by: For how long; one of both has to be given.
            overlapping: Whether to fire on while earlier ones still run. Default: each is over before the next.
            timeout: How many seconds of the machine's time each may take.

        Returns:
            What was fired.

        Raises:
            TimeoutError: One of them does not end.
        """
        if (to is None) == (by is None):
            raise ValueError(f"to {to!r} and by {by!r}: exactly one of them is expected")
        fired = []
        for tick in self._time.advance(to if to is not None else self.now + (by or timedelta())):
            if not overlapping:
                tick.wait(timeout)
            fired.append(tick)
        return fired
