"""When a state machine looks at a command that is under way."""

from __future__ import annotations

from dataclasses import dataclass, replace

# An execution's history holds 25,000 events (https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html)
# and a look at the command makes nine of them. So many looks leave 5,000 to everything else, of which the output of 300
# instances takes seven each. For time limits of up to 36 hours that is more than a look a minute.
MOST_LOOKS = 2_200
SHORTEST_PAUSE, LONGEST_PAUSE = 1, 60

# What fails mostly fails at once, however long the run usually takes.
EARLY_LOOK = 5

# A run's end is seen after this part of its length at the latest, be it short or long.
PART = 4


@dataclass(frozen=True)
class Looks:
    """Soon after one another at first, then ever more seldom; or first when the run is expected to be over.

    Attributes:
        deadline: Seconds after which nobody looks any more.
        expected: Seconds that a run usually takes, or 0: not known.
        with_signal: Whether a signal usually tells of the end. A look is only for the signals that get lost then, and
            leaves them the time to come.
        delivery: Seconds after which a look has to be, since by then the command has to be with the instance, or 0.
    """

    deadline: int
    expected: int = 0
    with_signal: bool = False
    delivery: int = 0

    @property
    def first_pause(self) -> int:
        """Seconds from the send to the first look."""
        return min(EARLY_LOOK, self._usual_end) if self._usual_end else SHORTEST_PAUSE

    def next_pause(self, elapsed: str) -> str:
        """A JSONata expression for the seconds to the next look.

        Args:
            elapsed: An expression for the seconds from the send to now.
        """
        longest = max(LONGEST_PAUSE, self.deadline // MOST_LOOKS)
        pause = f"$min([{longest}, $max([{SHORTEST_PAUSE}, $floor(({elapsed}) / {PART})])])"
        if self._usual_end > self.first_pause:
            pause = f"({elapsed}) < {self._usual_end} ? {self._usual_end} - ({elapsed}) : {pause}"
        if self.delivery:
            pause = f"({elapsed}) < {self.delivery} ? $min([{self.delivery} - ({elapsed}), {pause}]) : {pause}"
        return pause

    def once_over(self) -> Looks:
        """For a command that should be over: a hint would put off the look for what the lists do not say yet."""
        return replace(self, expected=0, with_signal=False)

    @property
    def _usual_end(self) -> int:
        """When the first look but for the early one is due, or 0."""
        if not self.with_signal:
            return self.expected
        return self.expected + min(LONGEST_PAUSE, self.expected // PART)
