"""The runs in a few numbers, what they are to show, and tables of them."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from benchmarks.goal import Goal
from benchmarks.synth.designs import BY_HAND, OURS
from benchmarks.table import table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from benchmarks.synth.measurement import Run

    Medians = Mapping[int, Mapping[str, Mapping[str, float]]]

OF_BY_HAND = 1.15
# 60 commands are six times as many as 10; the rest of the stack does not grow.
LINEAR = 7.0


def medians(runs: Sequence[Run]) -> Medians:
    """By number of commands and design: seconds in all, until defined, of synthesis; processor seconds; calls."""
    return {
        commands: {
            design: _medians([run for run in runs if (run.commands, run.design) == (commands, design)])
            for design in (OURS, BY_HAND)
        }
        for commands in sorted({run.commands for run in runs})
    }


def _medians(runs: Sequence[Run]) -> dict[str, float]:
    return {
        "seconds": round(median(run.seconds for run in runs), 3),
        "define": round(median(run.define for run in runs), 3),
        "synth": round(median(run.synth for run in runs), 3),
        "cpu": round(median(run.cpu for run in runs), 3),
        "calls": median(run.calls for run in runs),
    }


def ratios(found: Medians) -> dict[int, dict[str, float]]:
    """Ours divided by the one written by hand, by number of commands."""
    return {
        commands: {what: round(value / designs[BY_HAND][what], 3) for what, value in designs[OURS].items()}
        for commands, designs in found.items()
    }


def goals(found: Medians) -> list[Goal]:
    """What is to be shown."""
    # Processor time: what else the machine does is in the other seconds.
    slower = {commands: of["cpu"] for commands, of in ratios(found).items()}
    ten, sixty = (found[commands][OURS] for commands in (10, 60))
    growth = {what: sixty[what] / ten[what] for what in ("cpu", "calls")}
    return [
        Goal(
            "constructs: processor time of synthesis",
            f"{OF_BY_HAND:g} × by hand",
            ", ".join(f"{ratio:.2f} × ({commands})" for commands, ratio in slower.items()),
            met=all(ratio <= OF_BY_HAND for ratio in slower.values()),
        ),
        *(
            Goal(
                f"constructs: {what} of 60 commands", f"{LINEAR:g} × 10 commands", f"{found:.2f} ×", met=found <= LINEAR
            )
            for what, found in growth.items()
        ),
    ]


def text(found: Medians) -> str:
    """All tables."""
    heads = ["", "seconds", "define", "synth", "CPU, s", "jsii calls"]
    rows = []
    for commands, designs in found.items():
        rows += [
            [
                f"{commands}, {design}",
                *(f"{value:.2f}" if what != "calls" else f"{value:g}" for what, value in one.items()),
            ]
            for design, one in designs.items()
        ]
        rows.append([f"{commands}, ratio", *(f"{ratio:.2f}" for ratio in ratios(found)[commands].values())])
    return table("Synthesis of a stack, by number of commands", heads, rows)
