"""What is compared: the prior design, and ours in five configurations."""

from __future__ import annotations

from dataclasses import dataclass

PRIOR = "prior design"


@dataclass(frozen=True)
class Configuration:
    """A way to set ScheduledRunCommand up, or what happens to it.

    Attributes:
        id: The beginning of the construct's id.
        name: In tables.
        signal: Whether `completion_signal` is on.
        hint: Whether `expected_duration` is given.
        lost: Whether Systems Manager's events get lost.
    """

    id: str
    name: str
    signal: bool
    hint: bool
    lost: bool = False

    @property
    def goes_by_hint(self) -> bool:
        """Whether the end is noticed by the look that the hint sets."""
        return self.hint and (self.lost or not self.signal)


CONFIGURATIONS = (
    Configuration("SignalHint", "signal, hint", signal=True, hint=True),
    Configuration("Signal", "signal", signal=True, hint=False),
    Configuration("PollHint", "polling, hint", signal=False, hint=True),
    Configuration("Poll", "polling", signal=False, hint=False),
    Configuration("LostHint", "signal lost, hint", signal=True, hint=True, lost=True),
)
