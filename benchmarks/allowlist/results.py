"""The rounds in a few numbers, what they are to show, and a table of them."""

from __future__ import annotations

from dataclasses import asdict
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.allowlist.rush import PEOPLE
from benchmarks.allowlist.stacks import OURS, PRIOR
from benchmarks.goal import Goal
from benchmarks.table import table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from benchmarks.allowlist.rush import Rush

MOST_UPDATES = PEOPLE // 10
LONGEST_SETTLED = 30.0
NONE = ("refused", "lost", "doubled", "lost_by_reset")


def medians(runs: Sequence[Rush]) -> dict[str, dict[str, float]]:
    """By design."""
    names = [name for name in asdict(runs[0]) if name != "design"]
    return {
        design: {name: median(getattr(run, name) for run in runs if run.design == design) for name in names}
        for design in (OURS, PRIOR)
    }


def ratios(found: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """Ours divided by the prior design."""
    return {
        name: round(found[OURS][name] / found[PRIOR][name], 3)
        for name in ("acknowledged", "updates", "reads", "seconds")
        if found[PRIOR][name]
    }


def goals(runs: Sequence[Rush]) -> list[Goal]:
    """What is to be shown, of each round of ours."""
    ours = [run for run in runs if run.design == OURS]
    updates, settled = max(run.updates for run in ours), max(run.settled for run in ours)
    return [
        *(_none(name, sum(getattr(run, name) for run in ours)) for name in NONE),
        Goal("ours: UpdateIPSet calls", f"at most {MOST_UPDATES}", f"{updates}", met=updates <= MOST_UPDATES),
        Goal(
            "ours: everybody in the IP sets after the last answer",
            f"within {LONGEST_SETTLED:g} s",
            f"{settled:.2f} s",
            met=settled <= LONGEST_SETTLED,
        ),
    ]


def text(runs: Sequence[Rush], found: Mapping[str, Mapping[str, float]], calm: Rush) -> str:
    """A table of medians, one of every round, and what ours takes if nothing goes wrong."""
    heads = list(next(iter(found.values())))
    shown = [head.replace("_", " ") for head in heads]
    rows = [[design, *(f"{one[head]:g}" for head in heads)] for design, one in found.items()]
    rounds = [[run.design, *(f"{getattr(run, head):g}" for head in heads)] for run in runs]
    return "\n\n".join(
        [
            table(f"{PEOPLE} people who register at once, medians", ["", *shown], rows),
            table("Every round", ["", *shown], rounds),
            f"Without troubles ours has everybody in the IP sets {calm.settled:g} s after the last answer, with"
            f" {calm.updates} updates.",
        ]
    )


def _none(name: str, found: int) -> Goal:
    return Goal(f"ours: {name.replace('_', ' ')}", "0", str(found), met=found == 0)
