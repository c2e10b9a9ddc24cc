"""What is known of one run."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Lag:
    """How long after the script's end it was told, in seconds.

    Attributes:
        waited: In AWS's time: what the design waited for, a timer or an event.
        processed: In real time: what the emulator computed, which does not pass faster than on any other day.
    """

    waited: float
    processed: float

    @property
    def seconds(self) -> float:
        """The lag, with calls of AWS taken to be as fast as those of the emulator."""
        return self.waited + self.processed


@dataclass(frozen=True)
class Usage:
    """What AWS bills.

    Attributes:
        transitions: Of Standard executions: states entered and retries.
        express: Express executions.
        invocations: Of functions.
        schedules: Invocations by EventBridge Scheduler.
        publishes: To topics.
        traces: Recorded by X-Ray.
    """

    transitions: int
    express: int = 0
    invocations: int = 0
    schedules: int = 0
    publishes: int = 1
    traces: int = 0


@dataclass(frozen=True)
class Run:
    """One run of a job in one design.

    Attributes:
        design: Its name.
        job: The job's name.
        length: How long the script took, in AWS's seconds.
        told_success: What the design made of a script that succeeds.
        lag: How late it was told; None if it was told before the script was over.
        event_delay: Of Systems Manager's events, in AWS's seconds.
        resolution: How exactly the lag is known, in AWS's seconds.
        usage: What was used.
        api_calls: Of tasks and functions, tries included.
    """

    design: str
    job: str
    length: float
    told_success: bool
    lag: Lag | None
    event_delay: float
    resolution: float
    usage: Usage
    api_calls: int
