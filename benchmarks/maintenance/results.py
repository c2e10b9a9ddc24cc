"""The runs in a few numbers, what they are to show, and a table of them."""

from __future__ import annotations

from collections import Counter
from statistics import median
from typing import TYPE_CHECKING, Any

from benchmarks.goal import Goal
from benchmarks.maintenance.run import OURS, PRIOR
from benchmarks.table import table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from benchmarks.maintenance.run import Run

# What changes more than two IP sets.
CHANGES_MORE = ("cloudformation:", "wafv2:UpdateWebACL", "wafv2:UpdateRuleGroup", "cloudfront:")


def medians(runs: Sequence[Run]) -> dict[str, dict[str, float]]:
    """By design: seconds, the longest of them, and calls."""
    return {
        design: {
            "seconds": round(median(run.seconds for run in of_one), 3),
            "longest": round(max(run.seconds for run in of_one), 3),
            "calls": median(run.all_calls for run in of_one),
        }
        for design in (OURS, PRIOR)
        if (of_one := [run for run in runs if run.design == design])
    }


def ratios(found: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """Ours divided by the prior design."""
    return {name: round(found[OURS][name] / found[PRIOR][name], 3) for name in ("seconds", "calls")}


def goals(runs: Sequence[Run], found: Mapping[str, Mapping[str, float]]) -> list[Goal]:
    """What is to be shown."""
    changes = sum(
        count
        for run in runs
        if run.design == OURS
        for call, count in run.calls.items()
        if call.startswith(CHANGES_MORE)
    )
    updates = {run.calls.get("wafv2:UpdateIPSet", 0) for run in runs if run.design == OURS}
    ours, prior = found[OURS]["longest"], found[PRIOR]["seconds"]
    return [
        Goal(
            "switch: the slowest run",
            "sooner than the median deployment",
            f"{ours:.2f} s of {prior:.2f} s",
            met=ours < prior,
        ),
        Goal("switch: changes of stacks, web ACLs and distributions", "0", str(changes), met=changes == 0),
        Goal("switch: UpdateIPSet calls", "2 a run", f"{sorted(updates)}", met=updates == {2}),
    ]


def text(runs: Sequence[Run], found: Mapping[str, Mapping[str, float]]) -> str:
    """All tables."""
    rows = [
        [design, f"{one['seconds']:.2f}", f"{one['longest']:.2f}", f"{one['calls']:g}", _part(one, found[PRIOR])]
        for design, one in found.items()
    ]
    heads = ["", "to 503, s", "longest", "API calls", "time of prior"]
    return "\n\n".join(
        [
            table("Closing a site, medians", heads, rows),
            *(_calls(design, [run for run in runs if run.design == design]) for design in found),
            "Until AWS WAF has reached all places it takes seconds to minutes, in both designs; that is not in here.",
        ]
    )


def _part(one: Mapping[str, Any], prior: Mapping[str, Any]) -> str:
    return f"{one['seconds'] / prior['seconds']:.1%}"


def _calls(design: str, runs: Sequence[Run]) -> str:
    names = Counter(call for run in runs for call in run.calls)
    rows = [[name, f"{median(run.calls.get(name, 0) for run in runs):g}"] for name in sorted(names)]
    return table(f"Calls of AWS: {design}", ["", "a run"], rows)
