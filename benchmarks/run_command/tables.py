"""The results for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.run_command import prices
from benchmarks.run_command.designs import PRIOR
from benchmarks.table import table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from benchmarks.run_command.run import Run
    from benchmarks.run_command.summary import Summaries, Summary

HEADS = (
    "",
    "verdict",
    "lag s",
    "longest",
    "±",
    "transitions",
    "functions",
    "Express",
    "API calls",
    "cost $",
    "of prior",
)


def text(summaries: Summaries, delayed: Iterable[Run]) -> str:
    """All tables."""
    tables = [
        table(_title(job, designs[PRIOR]), HEADS, [_row(*one, designs[PRIOR]) for one in designs.items()])
        for job, designs in summaries.items()
    ]
    return "\n\n".join([*tables, _delays(delayed), f"Prices: {prices.AS_OF}; {'; '.join(prices.ASSUMPTIONS)}."])


def _title(job: str, prior: Summary) -> str:
    return f"A job of {job} ({prior.runs} runs each, medians)"


def _row(design: str, summary: Summary, prior: Summary) -> list[str]:
    return [
        design,
        summary.verdict,
        _seconds(summary.lag),
        _seconds(summary.longest_lag),
        f"{summary.resolution:.2f}",
        f"{summary.transitions:g}",
        f"{summary.invocations:g}",
        f"{summary.express:g}",
        f"{summary.api_calls:g}",
        f"{summary.cost:.6f}",
        f"{summary.cost / prior.cost:.0%}",
    ]


def _delays(delayed: Iterable[Run]) -> str:
    rows = [
        [f"{run.event_delay:g}", f"{run.lag.seconds:.2f}", f"{run.lag.processed:.2f}"]
        for run in delayed
        if run.lag is not None
    ]
    return table("With the signal: the lag by the event's delay", ("delay s", "lag s", "of it computing"), rows)


def _seconds(lag: float | None) -> str:
    return "-" if lag is None else f"{lag:.2f}"
