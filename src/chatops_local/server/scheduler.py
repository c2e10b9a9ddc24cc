"""EventBridge Scheduler of a running local cloud: which schedules there are, and firing them."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatops_local.server.observations import AsynchronousInvocation

if TYPE_CHECKING:
    from chatops_local.server.emulator_process import EmulatorProcess


@dataclass(frozen=True)
class DeployedSchedule:
    """A schedule as it is deployed.

    Args:
        arn: its ARN.
        name: its name.
        expression: ``cron(…)``, ``rate(…)`` or ``at(…)``.
        time_zone: the zone in which the expression is read.
        enabled: whether its state is ``ENABLED``.
        target_arn: what it starts.
        start: before this Unix time it is not due.
        end: after this Unix time it is not due any more.
    """

    arn: str
    name: str
    expression: str
    time_zone: str
    enabled: bool
    target_arn: str
    start: float | None
    end: float | None


@dataclass(frozen=True)
class Delivery:
    """What came of one delivery of a scheduled time to the target.

    Args:
        execution_arn: the execution that it started; empty if none.
        attempts: how often it was tried.
        error: the last error; empty if an attempt succeeded.
        message: its text.
        exhausted: which condition of the retry policy ended the attempts.
        dead_letter: ``sent`` to the dead-letter queue, ``none`` where there is none, or why it could not be sent;
            empty if an attempt succeeded.
    """

    execution_arn: str
    attempts: int
    error: str
    message: str
    exhausted: str
    dead_letter: str


@dataclass(frozen=True)
class Firing:
    """A firing of a schedule.

    Args:
        number: what it is known by.
        fired_at: when it was fired, as a Unix time of this machine.
        deliveries: how it was delivered, more than once if that was asked for.
    """

    number: int
    fired_at: float
    deliveries: tuple[Delivery, ...]


@dataclass(frozen=True)
class FiredExecution:
    """An execution that a firing has led to.

    Args:
        arn: its ARN.
        state_machine_arn: its state machine.
        express: whether that is an Express one.
        status: ``RUNNING``, ``SUCCEEDED``, ``FAILED``, ``TIMED_OUT`` or ``ABORTED``.
        input: its input, JSON.
        output: its output, JSON; empty if there is none.
        error: the error that ended it; empty if there is none.
        cause: what goes with the error.
        started_at: Unix time.
        ended_at: Unix time; ``None`` while it runs.
        starts: how often it was asked for: more than once if its name was taken already.
        is_over: whether everything is done that its ending led to at once, such as starting the targets of rules.
    """

    arn: str
    state_machine_arn: str
    express: bool
    status: str
    input: str
    output: str
    error: str
    cause: str
    started_at: float
    ended_at: float | None
    starts: int
    is_over: bool

    @property
    def name(self) -> str:
        """Its name."""
        return self.arn.split(":")[7]

    @property
    def state_machine(self) -> str:
        """The name of its state machine."""
        return self.state_machine_arn.rpartition(":")[2]


class Scheduler:
    """Schedules of a local cloud. They fire when they are told to, never by the wall clock."""

    def __init__(self, process: EmulatorProcess) -> None:
        """Talk to the emulator's process."""
        self._process = process

    def schedules(self) -> list[DeployedSchedule]:
        """Every schedule of every region, in the order of creation."""
        return [DeployedSchedule(**schedule) for schedule in self._process.call("schedules")]

    def fire(self, schedule_arn: str, scheduled_at: float, *, times: int = 1) -> Firing:
        """Deliver a scheduled time to the target of a schedule, whether it is enabled or not.

        Retries follow one another at once: the waits between them are counted, for the age of the event, not waited
        for.

        Args:
            schedule_arn: the schedule.
            scheduled_at: when it was due, as a Unix time.
            times: how often it is delivered. Scheduler promises "at least once".
        """
        fired_at = time.time()
        answer = self._process.call("fire_schedule", arn=schedule_arn, scheduled_at=scheduled_at, times=times)
        return Firing(answer["firing"], fired_at, tuple(Delivery(**delivery) for delivery in answer["deliveries"]))

    def executions(self, firing: Firing) -> list[FiredExecution]:
        """The executions that a firing has led to, as they are now, in the order in which they were started."""
        found = self._process.call("executions_of_firing", number=firing.number)
        return [FiredExecution(**execution) for execution in found]

    def invocations(self, firing: Firing) -> list[AsynchronousInvocation]:
        """The functions that a firing has invoked, as they are now, in order."""
        found = self._process.call("invocations_of_firing", number=firing.number)
        return [AsynchronousInvocation(**invocation) for invocation in found]

    def fail_targets(self, times: int, error: str = "ThrottlingException") -> None:
        """Let the next invocations of targets fail, for a test of retries and of the dead-letter queue."""
        self._process.call("fail_schedule_targets", times=times, code=error)
