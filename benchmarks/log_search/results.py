"""The searches in a few numbers, what they are to show, and tables of them."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from benchmarks.goal import Goal
from benchmarks.log_search.designs import DESIGNS, OURS, OURS_WITHOUT_KEYS, PRIOR, SEQUENTIAL
from benchmarks.log_search.measurement import GROUPS
from benchmarks.table import table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from benchmarks.log_search.measurement import Run

    Medians = Mapping[str, Mapping[str, Mapping[str, float]]]

MOST = max(GROUPS)
LARGEST_RATIO = 0.15


def medians(runs: Sequence[Run]) -> dict[str, dict[str, dict[str, float]]]:
    """By number of groups and design: seconds, lines there are, and lines missed."""
    return {
        str(count): {
            design: {
                name: median(getattr(run, name) for run in runs if (run.design, run.groups) == (design, count))
                for name in ("seconds", "lines", "missed")
            }
            for design in DESIGNS
        }
        for count in GROUPS
    }


def ratios(found: Medians) -> dict[str, dict[str, dict[str, float]]]:
    """The seconds of both of ours divided by those of the two loops, by number of groups."""
    return {
        count: {
            ours: {
                other: round(designs[ours]["seconds"] / designs[other]["seconds"], 3) for other in (PRIOR, SEQUENTIAL)
            }
            for ours in (OURS, OURS_WITHOUT_KEYS)
        }
        for count, designs in found.items()
    }


def goals(runs: Sequence[Run], found: Medians) -> list[Goal]:
    """What is to be shown: of the times the median, of what is found every run."""
    of_ours = [run for run in runs if run.design == OURS]
    missed = sum(run.missed for run in of_ours)
    unsorted = sum(not run.sorted for run in of_ours)
    at_most = ratios(found)[str(MOST)]
    return [
        _ratio(f"{MOST} groups: ours by the loop that finds as much", at_most[OURS][SEQUENTIAL]),
        _ratio(f"{MOST} groups: the same search by the prior system's loop", at_most[OURS_WITHOUT_KEYS][PRIOR]),
        Goal("ours: lines missed", "0", str(missed), met=missed == 0),
        Goal("ours: searches out of order", "0", str(unsorted), met=unsorted == 0),
    ]


def text(found: Medians) -> str:
    """A table for each number of groups."""
    return "\n\n".join(
        table(
            f"{count} log groups, medians",
            ["", "seconds", "lines there are", "missed"],
            [
                [design, f"{of['seconds']:.3f}", f"{of['lines']:g}", f"{of['missed']:g}"]
                for design, of in designs.items()
            ],
        )
        for count, designs in found.items()
    )


def _ratio(name: str, ratio: float) -> Goal:
    return Goal(name, f"at most {LARGEST_RATIO:g}", f"{ratio:.3f}", met=ratio <= LARGEST_RATIO)
