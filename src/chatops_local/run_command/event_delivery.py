"""How events reach EventBridge: late, more than once, or not at all.

"Delivery type: Best effort" (https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-ssm.html); EventBridge
itself delivers at least once and keeps no order:
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events.html
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field


@dataclass
class EventDelivery:
    """From now on. The caller holds the lock."""

    shortest_delay: float = 0.0
    """In AWS's time."""
    longest_delay: float = 0.0
    lose: bool = False
    """Whether no event arrives at all."""
    copies: int = 1
    """How often each one arrives."""
    seed: int = 0
    """The same seed makes the same delays."""
    _random: random.Random = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Refuse what cannot be, and start to draw delays."""
        if not 0 <= self.shortest_delay <= self.longest_delay:
            raise ValueError(f"delay {self.shortest_delay} to {self.longest_delay}: 0 or more, growing, is allowed")
        if self.copies < 1:
            raise ValueError(f"copies {self.copies}: 1 or more is allowed; with lose=True none arrives")
        self._random = random.Random(self.seed)  # noqa: S311 - no secret

    def delays(self) -> list[float]:
        """When the copies of the next event arrive."""
        copies = 0 if self.lose else self.copies
        return [self._random.uniform(self.shortest_delay, self.longest_delay) for _ in range(copies)]
