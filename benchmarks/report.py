"""What a benchmark hands back, and where it is written to."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from benchmarks.goal import Goal

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True)
class Report:
    """The results of one benchmark.

    Attributes:
        name: The benchmark's name.
        medians: The numbers, by what was measured.
        ratios: Ours divided by what it is compared with, in the same order.
        facts: What else is needed to judge the numbers: circumstances, prices, single runs.
        goals: What was to be shown.
        text: Tables for people.
    """

    name: str
    medians: Mapping[str, Any]
    ratios: Mapping[str, Any]
    facts: Mapping[str, Any]
    goals: Sequence[Goal]
    text: str

    @property
    def met(self) -> bool:
        """Whether every goal was met."""
        return all(goal.met for goal in self.goals)

    def write(self, directory: Path = RESULTS) -> Path:
        """Write `NAME.json` and return its path."""
        directory.mkdir(parents=True, exist_ok=True)
        path = directory / f"{self.name}.json"
        content = {
            "benchmark": self.name,
            "met": self.met,
            "goals": [goal.to_json() for goal in self.goals],
            "medians": self.medians,
            "ratios": self.ratios,
            **self.facts,
        }
        path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
        return path
