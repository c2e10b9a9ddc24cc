"""The runs in a few numbers, what they are to show, and a table of them."""

from __future__ import annotations

from dataclasses import asdict
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.fan_out.measurement import JOBS, Run
from benchmarks.fan_out.stacks import APIS, OURS, PARALLEL, PRIOR, RATED
from benchmarks.goal import Goal
from benchmarks.table import table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LONGEST = 1.10
"""Times what is ideal."""

RATE_WITHIN = 0.05

Medians = dict[str, dict[str, dict[str, float]]]


def medians(runs: Sequence[Run]) -> Medians:
    """By API and design."""
    names = [name for name in asdict(runs[0]) if name not in ("design", "api")]
    return {
        api.name: {
            design: {name: median(getattr(one, name) for one in _of(runs, design, api.name)) for name in names}
            for design in (OURS, PRIOR)
        }
        for api in APIS
    }


def ratios(found: Medians) -> dict[str, dict[str, float]]:
    """Ours divided by the prior design; seconds by what is ideal as well."""
    return {
        api: {
            **{name: round(of[OURS][name] / of[PRIOR][name], 3) for name in ("done", "seconds") if of[PRIOR][name]},
            "seconds_to_ideal": round(of[OURS]["seconds"] / of[OURS]["ideal"], 3),
        }
        for api, of in found.items()
    }


def goals(runs: Sequence[Run]) -> list[Goal]:
    """What is to be shown, of each run of ours."""
    ours = [one for one in runs if one.design == OURS]
    rated = _of(runs, OURS, RATED.name)
    lost, doubled, refused = (
        sum(JOBS - one.done for one in ours),
        sum(one.doubled for one in ours),
        sum(one.refused for one in ours),
    )
    slowest = max(one.seconds / one.ideal for one in _of(runs, OURS, PARALLEL.name))
    off = max(abs(one.rate / RATED.per_second - 1) for one in rated)
    return [
        Goal("ours: jobs lost", "none", f"{lost}", met=lost == 0),
        Goal("ours: jobs done twice", "none", f"{doubled}", met=doubled == 0),
        Goal("ours: calls over what the API allows", "none", f"{refused}", met=refused == 0),
        Goal(
            "ours: time, to jobs × latency / concurrency",
            f"at most {LONGEST:.2f}",
            f"{slowest:.3f}",
            met=slowest <= LONGEST,
        ),
        Goal(
            "ours: rate, off per_second",
            f"at most {RATE_WITHIN:.0%}",
            f"{off:.1%}",
            met=off <= RATE_WITHIN,
        ),
    ]


def text(found: Mapping[str, Mapping[str, Mapping[str, float]]]) -> str:
    """A table of medians."""
    heads = ["API, design", *next(iter(found[PARALLEL.name].values()))]
    rows = [
        [f"{api}, {design}", *(f"{value:g}" for value in of.values())]
        for api, designs in found.items()
        for design, of in designs.items()
    ]
    return table(f"Medians, of {JOBS} jobs", heads, rows)


def _of(runs: Sequence[Run], design: str, api: str) -> list[Run]:
    return [one for one in runs if (one.design, one.api) == (design, api)]
