"""Medians, how they compare, and whether that is what was promised."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from benchmarks.goal import Goal
from benchmarks.packaging.measurement import CACHED, COLD, DOWNLOADED, OURS, PLAIN, SYNTHESIS, WITHOUT
from benchmarks.table import table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from benchmarks.packaging.measurement import Run

LONGEST = 1.2
"""Of what plain uv takes."""

MOST_MORE = 1.0
"""Seconds that a synthesis with built packages may take more than one without any."""

Medians = dict[str, dict[str, float]]


def medians(runs: Sequence[Run]) -> Medians:
    """Seconds, by what was done and how."""
    found: dict[str, dict[str, list[float]]] = {}
    for run in runs:
        found.setdefault(run.what, {}).setdefault(run.design, []).append(run.seconds)
    return {
        what: {design: round(median(seconds), 3) for design, seconds in designs.items()}
        for what, designs in found.items()
    }


def ratios(found: Medians) -> dict[str, float]:
    """Ours divided by plain uv."""
    return {what: round(found[what][OURS] / found[what][PLAIN], 2) for what in (DOWNLOADED, COLD, CACHED)}


def more(found: Medians) -> float:
    """Seconds that a synthesis takes more with packages that are built."""
    return found[SYNTHESIS][OURS] - found[SYNTHESIS][WITHOUT]


def goals(found: Medians) -> list[Goal]:
    """What was to be shown."""
    by_uv = [
        Goal(what, f"<= {LONGEST} x plain uv", f"{ratio} x", ratio <= LONGEST) for what, ratio in ratios(found).items()
    ]
    seconds = more(found)
    return [
        *by_uv,
        Goal(SYNTHESIS, f"<= {MOST_MORE} s more than without", f"{seconds:.2f} s more", seconds <= MOST_MORE),
    ]


def text(found: Mapping[str, Mapping[str, float]]) -> str:
    """A table for people."""
    rows = [
        [what, *(f"{designs[one]:.3f}" if one in designs else "-" for one in (OURS, PLAIN, WITHOUT))]
        for what, designs in found.items()
    ]
    return table("Seconds, medians", ["", OURS, PLAIN, WITHOUT], rows)
