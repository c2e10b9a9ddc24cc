"""Counts what came of the commands."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

LOST_OF_95_PERCENT = 3.0
"""If none of n was lost, the true share is below 3/n with 95 % confidence ("rule of three")."""


@dataclass(frozen=True)
class Fate:
    """What came of one command.

    Attributes:
        name: What was typed, and when.
        first: Whether it was the first of its local cloud.
        runs: Whether it had to start an execution.
        ack_error: What Slack showed in place of the ack; empty if it was acked.
        statuses: Of the executions that it started.
        results: How many messages came after the ack.
        told: Whether the ack itself said something.
        worked: How often its work was done; `None`: nobody looked.
    """

    name: str
    first: bool
    runs: bool
    ack_error: str
    statuses: tuple[str, ...]
    results: int
    told: bool
    worked: int | None = None

    @property
    def lost(self) -> str:
        """What of it was lost; empty if nothing was."""
        if self.ack_error:
            return f"Slack showed {self.ack_error}"
        if not self.runs:
            return "" if self.told else "its answer is missing"
        if not self.statuses:
            return "it was acked and nothing was started"
        unfinished = [status for status in self.statuses if status != "SUCCEEDED"]
        if unfinished:
            return f"its execution is {unfinished[0]}"
        if self.worked == 0:
            return "its work was not done"
        return "" if self.results else "its result was not told"

    @property
    def doubled(self) -> str:
        """What of it was done twice; empty if nothing was."""
        if len(self.statuses) > self.runs:
            return f"it started {len(self.statuses)} executions"
        if (self.worked or 0) > self.runs:
            return f"its work was done {self.worked} times"
        return f"{self.results} results were told" if self.results > self.runs else ""


@dataclass
class Tally:
    """The counts so far, and every command of which something was lost or doubled."""

    clouds: int = 0
    sent: int = 0
    redelivered: int = 0
    acked: int = 0
    executions: int = 0
    results: int = 0
    lost: int = 0
    doubled: int = 0
    lost_firsts: int = 0
    stories: list[str] = field(default_factory=list)

    def add(self, fate: Fate) -> None:
        """Count a command."""
        self.sent += 1
        self.acked += not fate.ack_error
        self.executions += len(fate.statuses)
        self.results += fate.results
        for kind, what in (("lost", fate.lost), ("doubled", fate.doubled)):
            if what:
                setattr(self, kind, getattr(self, kind) + 1)
                self.stories.append(f"{kind}: {fate.name}: {what}")
        self.lost_firsts += bool(fate.first and fate.lost)

    @property
    def ok(self) -> bool:
        """Whether commands were sent and each had exactly what it should have."""
        return self.sent > 0 and not self.lost and not self.doubled

    def lines(self) -> list[str]:
        """For people."""
        counts = [f"{each.name.replace('_', ' '):12}{getattr(self, each.name):>8,}" for each in fields(self)[:-1]]
        if self.ok:
            counts.append(
                f"none lost: with 95 % confidence fewer than {_bound(self.sent)} of commands and {_bound(self.clouds)} "
                "of the first ones of a local cloud"
            )
        return [*counts, *self.stories]


def _bound(tries: int) -> str:
    return f"{min(LOST_OF_95_PERCENT / tries, 1):.2%}"
