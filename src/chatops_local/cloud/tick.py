"""One scheduled time, fired: what it has led to."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from chatops_local.cloud.schedules import Schedule
    from chatops_local.server.messaging import Publication
    from chatops_local.server.scheduler import Delivery, FiredExecution, Firing
    from chatops_local.slack import Message

_ASK_AGAIN_SECONDS = 0.05


class Tick:
    """A scheduled time of a schedule, delivered to its target.

    Attributes:
        schedule: Which schedule.
        scheduled_time: When it was due, in UTC.
        deliveries: What came of each delivery: attempts, the last error, the dead-letter queue.
    """

    def __init__(
        self,
        schedule: Schedule,
        scheduled_time: datetime,
        firing: Firing,
        executions: Callable[[Firing], list[FiredExecution]],
        published: Callable[[], Sequence[Publication]],
        messages: Callable[[], Sequence[Message]],
    ) -> None:
        """Look at a firing; `LocalCloud.tick` makes these.

        Args:
            schedule: Which schedule.
            scheduled_time: When it was due.
            firing: What Scheduler did.
            executions: Looks up what it led to.
            published: Looks up what was published since.
            messages: Looks up what Slack got since.
        """
        self.schedule = schedule
        self.scheduled_time = scheduled_time
        self.deliveries: tuple[Delivery, ...] = firing.deliveries
        self._firing = firing
        self._executions = executions
        self._published = published
        self._messages = messages

    @property
    def executions(self) -> list[FiredExecution]:
        """Every execution that it led to, as they are now, in the order in which they were started.

        That is: what Scheduler started, what that started, and what rules started because of these.
        """
        return self._executions(self._firing)

    @property
    def runs(self) -> list[FiredExecution]:
        """The executions of Standard state machines among them: the work, without what starts it."""
        return [execution for execution in self.executions if not execution.express]

    @property
    def published(self) -> list[Publication]:
        """Everything published to topics since it was fired, by whomever."""
        return list(self._published())

    @property
    def messages(self) -> list[Message]:
        """Everything posted to Slack since it was fired, by whomever."""
        return list(self._messages())

    @property
    def is_over(self) -> bool:
        """Whether every execution has ended and has led to what its end leads to at once."""
        return all(execution.is_over for execution in self.executions)

    def wait(self, timeout: float = 60.0) -> list[FiredExecution]:
        """Wait until it is over.

        Args:
            timeout: How many seconds of this machine's time it may take.

        Returns:
            The executions.

        Raises:
            TimeoutError: It is not over; with what still runs.
        """
        deadline = time.monotonic() + timeout
        while not self.is_over:
            if time.monotonic() > deadline:
                running = ", ".join(execution.arn for execution in self.executions if not execution.is_over)
                raise TimeoutError(f"{self.schedule.title} is not over after {timeout:g} s: {running}")
            time.sleep(_ASK_AGAIN_SECONDS)
        return self.executions
