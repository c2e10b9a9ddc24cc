"""Counts answers by kind, and what came of the genuine commands."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from benchmarks.load.answers import described

if TYPE_CHECKING:
    from benchmarks.load.answers import Expected
    from benchmarks.soak.tally import Fate
    from chatops_local.slack import HttpAnswer

ACK_LIMIT_MS = 3_000.0
"""https://docs.slack.dev/interactivity/implementing-slash-commands"""

MOST_STORIES = 20
"""Of each sort: what goes wrong thousands of times is understood from some."""


@dataclass
class Answers:
    """Those to one kind of request."""

    wrong: int = 0
    milliseconds: list[float] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many there were."""
        return len(self.milliseconds)

    @property
    def late(self) -> int:
        """For how many Slack would not have waited."""
        return sum(each > ACK_LIMIT_MS for each in self.milliseconds)

    def percentile(self, percent: float) -> float:
        """What so many percent of them were not slower than."""
        return percentile(self.milliseconds, percent)


def percentile(values: list[float], percent: float) -> float:
    """The smallest value that so many percent do not exceed; 0 if there are none."""
    ordered = sorted(values)
    rank = -(-len(ordered) * percent // 100)
    return ordered[max(int(rank), 1) - 1] if ordered else 0.0


class Tally:
    """Everything that is counted. Clients count answers at the same time."""

    def __init__(self) -> None:
        """Start at zero."""
        self._lock = threading.Lock()
        self.answers: defaultdict[str, Answers] = defaultdict(Answers)
        self.accounts: Counter[str] = Counter()
        """Commands, executions, work done, results; lost, doubled and astray."""
        self.stories: list[str] = []
        self._stories_of: Counter[str] = Counter()

    def count(self, kind: str, expected: Expected, answer: HttpAnswer) -> bool:
        """Count an answer; whether it was right."""
        right = expected.is_met_by(answer)
        with self._lock:
            answers = self.answers[kind]
            answers.milliseconds.append(answer.ms)
            answers.wrong += not right
            if not right:
                self._tell(f"wrong: {kind}", described(answer))
        return right

    def settle(self, fate: Fate) -> None:
        """Count what came of one genuine command."""
        self.accounts["commands"] += 1
        self.accounts["executions"] += len(fate.statuses)
        self.accounts["work done"] += fate.worked or 0
        self.accounts["results"] += fate.results
        for sort, what in (("lost", fate.lost), ("doubled", fate.doubled)):
            if what:
                self.accounts[sort] += 1
                self._tell(sort, f"{fate.name}: {what}")

    def astray(self, what: str) -> None:
        """Count what no genuine command asked for, or what is otherwise not as it should be at the end."""
        self.accounts["astray"] += 1
        self._tell("astray", what)

    @property
    def requests(self) -> int:
        """How many were answered, or not."""
        return sum(answers.count for answers in self.answers.values())

    @property
    def wrong(self) -> int:
        """How many answers were wrong."""
        return sum(answers.wrong for answers in self.answers.values())

    def _tell(self, sort: str, what: str) -> None:
        self._stories_of[sort] += 1
        if self._stories_of[sort] <= MOST_STORIES:
            self.stories.append(f"{sort}: {what}")
