"""One scheduled time, fired: what it has led to."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatops_local.cloud.invocations import Invocation, invocations_for
from chatops_local.cloud.tick_verdict import problems_of_tick

if TYPE_CHECKING:
    from datetime import datetime

    from typing_extensions import Self

    from chatops_local.cloud.schedules import Schedule
    from chatops_local.server import Server
    from chatops_local.server.messaging import Publication, Refusal
    from chatops_local.server.observations import AsynchronousInvocation
    from chatops_local.server.scheduler import Delivery, FiredExecution, Firing
    from chatops_local.slack import Message, SlackDouble

_ASK_AGAIN_SECONDS = 0.05


@dataclass(frozen=True)
class Surroundings:
    """The cloud around a firing, and how much had happened in it before."""

    server: Server
    slack: SlackDouble
    published: int
    refused: int
    posted: int

    @classmethod
    def of(cls, server: Server, slack: SlackDouble) -> Self:
        """The cloud as it is now."""
        return cls(server, slack, len(server.published()), len(server.refusals()), len(slack.messages))


class Tick:
    """A scheduled time of a schedule, delivered to its target.

    Attributes:
        schedule: Which schedule.
        scheduled_time: When it was due, in UTC.
        deliveries: What came of each delivery: attempts, the last error, the dead-letter queue.
        fired_at: When it was fired, as a Unix time of this machine.
    """

    def __init__(self, schedule: Schedule, scheduled_time: datetime, firing: Firing, around: Surroundings) -> None:
        """Look at a firing; `LocalCloud.tick` makes these.

        Args:
            schedule: Which schedule.
            scheduled_time: When it was due.
            firing: What Scheduler did.
            around: The cloud before it was fired.
        """
        self.schedule = schedule
        self.scheduled_time = scheduled_time
        self.deliveries: tuple[Delivery, ...] = firing.deliveries
        self.fired_at = firing.fired_at
        self._firing = firing
        self._around = around

    @property
    def executions(self) -> list[FiredExecution]:
        """Every execution that it led to, as they are now, in the order in which they were started.

        That is: what Scheduler started, what that started, and what rules started because of these.
        """
        return self._around.server.scheduler.executions(self._firing)

    @property
    def runs(self) -> list[FiredExecution]:
        """The executions of Standard state machines among them: the work, without what starts it."""
        return [execution for execution in self.executions if not execution.express]

    @property
    def invocations(self) -> list[Invocation]:
        """How the scripts went that its runs sent, for each instance."""
        runs = [run.name for run in self.runs]
        return invocations_for(runs, self._around.server.client("ssm")) if runs else []

    @property
    def functions(self) -> list[AsynchronousInvocation]:
        """The functions that it has invoked asynchronously: their events, errors and log lines, as they are now."""
        return self._around.server.scheduler.invocations(self._firing)

    @property
    def published(self) -> list[Publication]:
        """Everything published to topics since it was fired, by whomever."""
        return self._around.server.published()[self._around.published :]

    @property
    def messages(self) -> list[Message]:
        """Everything posted to Slack since it was fired, by whomever."""
        return self._around.slack.messages[self._around.posted :]

    @property
    def refusals(self) -> list[Refusal]:
        """What services of AWS tried since it was fired and were not let, for the first time."""
        return self._around.server.refusals()[self._around.refused :]

    @property
    def is_over(self) -> bool:
        """Whether every execution has ended and has led to what its end leads to at once, and every function too.

        The end of a function is that of its last attempt: Lambda tries again twice, after one minute and after two.
        """
        executions_are_over = all(execution.is_over for execution in self.executions)
        return executions_are_over and all(invocation.is_over for invocation in self.functions)

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
                running = ", ".join(
                    [each.arn for each in self.executions if not each.is_over]
                    + [each.function_arn for each in self.functions if not each.is_over]
                )
                raise TimeoutError(f"{self.schedule.title} is not over after {timeout:g} s: {running}")
            time.sleep(_ASK_AGAIN_SECONDS)
        return self.executions

    def problems(self, *, timed_out_after: float | None = None) -> list[str]:
        """What went wrong; empty if nothing did.

        Args:
            timed_out_after: After how many seconds it was given up. Default: it is over.
        """
        return problems_of_tick(self, timed_out_after=timed_out_after)
