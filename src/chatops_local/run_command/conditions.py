"""What can be wrong with an instance, and scripts that only pretend to run."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from threading import Event
from typing import TYPE_CHECKING

from .clock import Clock
from .script_process import STOPPED_EXIT_CODE, ScriptResult

if TYPE_CHECKING:
    from .script_process import StopReason


class Delivery(Enum):
    """Whether commands reach an instance that is online."""

    WORKS = "works"
    UNDELIVERABLE = "undeliverable"
    """Systems Manager gives up at once: `Undeliverable`."""
    NEVER_PICKED_UP = "never picked up"
    """Nothing fetches the command until it expires: `DeliveryTimedOut`."""


@dataclass(frozen=True)
class SimulatedScript:
    """What comes of every script on an instance, instead of running it.

    Scripts run in real time; one of 24 hours can only be tested if it is simulated.
    """

    seconds: float
    """How long it takes, in AWS's time."""
    exit_code: int = 0
    stdout: str = ""
    stderr: str = ""

    def __post_init__(self) -> None:
        """Refuse what no script does."""
        if self.seconds < 0:
            raise ValueError(f"seconds {self.seconds}: 0 or more is allowed")
        if not 0 <= self.exit_code <= 255:
            raise ValueError(f"exit_code {self.exit_code}: 0 to 255 are allowed")


@dataclass
class Conditions:
    """How an instance behaves. The caller holds the lock."""

    delivery: Delivery = Delivery.WORKS
    pickup_seconds: float = 0.0
    """How long the agent takes to fetch a command, in AWS's time."""
    report_seconds: float = 0.0
    """How long it takes to report that a command is over."""
    script: SimulatedScript | None = None
    """What runs instead of every script."""


class SimulatedRun:
    """A run of a simulated script; to be used as a `ScriptProcess` is."""

    def __init__(self, script: SimulatedScript, clock: Clock) -> None:
        """Start it."""
        self._script = script
        self._ends = clock.deadline(script.seconds)
        self._stopped = Event()

    def stop(self) -> None:
        """Kill it."""
        self._stopped.set()

    def wait(self, deadline: float) -> ScriptResult:
        """Wait until it ends, is stopped, or `deadline` passes."""
        reason: StopReason = "cancelled"
        if not self._stopped.wait(Clock.left(min(self._ends, deadline))):
            if self._ends <= deadline:
                script = self._script
                return ScriptResult(script.exit_code, script.stdout.encode(), script.stderr.encode())
            reason = "timed out"
        return ScriptResult(STOPPED_EXIT_CODE, b"", b"", reason)
