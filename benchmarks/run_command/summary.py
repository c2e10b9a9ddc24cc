"""The runs of a job in a design, in a few numbers."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.run_command.designs import PRIOR
from benchmarks.run_command.prices import cost

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from benchmarks.run_command.run import Run

RIGHT = "right"
GIVES_UP = "gives up, wrong verdict"
NOT_ALWAYS = "not always right"


@dataclass(frozen=True)
class Summary:
    """Medians over the runs, unless an attribute says otherwise.

    Attributes:
        runs: How many there were.
        verdict: What the design made of scripts that succeed.
        lag: Seconds from the script's end to the notice, or None if it was told before the end.
        longest_lag: The longest of them.
        resolution: How exactly they are known, at worst.
        processing: How many of them the emulator computed.
        transitions: State transitions.
        invocations: Invocations of functions.
        express: Express executions.
        api_calls: API calls.
        cost: Dollars.
    """

    runs: int
    verdict: str
    lag: float | None
    longest_lag: float | None
    resolution: float
    processing: float | None
    transitions: float
    invocations: float
    express: float
    api_calls: float
    cost: float

    @classmethod
    def of(cls, runs: Sequence[Run]) -> Summary:
        """The summary of the runs of one job in one design."""
        lags = [run.lag for run in runs if run.lag is not None]
        return cls(
            runs=len(runs),
            verdict=_verdict(runs),
            lag=round(median(lag.seconds for lag in lags), 3) if lags else None,
            longest_lag=round(max(lag.seconds for lag in lags), 3) if lags else None,
            resolution=max(run.resolution for run in runs),
            processing=median(lag.processed for lag in lags) if lags else None,
            transitions=median(run.usage.transitions for run in runs),
            invocations=median(run.usage.invocations for run in runs),
            express=median(run.usage.express for run in runs),
            api_calls=median(run.api_calls for run in runs),
            cost=round(median(cost(run.usage) for run in runs), 9),
        )

    def to_json(self) -> dict[str, object]:
        """As it stands in the results."""
        return asdict(self)


Summaries = dict[str, dict[str, Summary]]
"""By job and design."""


def summarise(runs: Iterable[Run]) -> Summaries:
    """All summaries, in the order of the runs' jobs and designs."""
    groups: dict[str, dict[str, list[Run]]] = {}
    for run in runs:
        groups.setdefault(run.job, {}).setdefault(run.design, []).append(run)
    return {job: {design: Summary.of(of_one) for design, of_one in designs.items()} for job, designs in groups.items()}


def ratios(summaries: Summaries) -> dict[str, dict[str, dict[str, float | None]]]:
    """Ours divided by the prior design, by job and configuration."""
    return {
        job: {
            name: {
                "lag": _ratio(ours.lag, designs[PRIOR].lag),
                "transitions": _ratio(ours.transitions, designs[PRIOR].transitions),
                "cost": _ratio(ours.cost, designs[PRIOR].cost),
            }
            for name, ours in designs.items()
            if name != PRIOR
        }
        for job, designs in summaries.items()
    }


def _ratio(ours: float | None, prior: float | None) -> float | None:
    return None if ours is None or not prior else round(ours / prior, 3)


def _verdict(runs: Sequence[Run]) -> str:
    if all(run.told_success for run in runs):
        return RIGHT
    # What was told before the script was over cannot have been known.
    return GIVES_UP if all(run.lag is None and not run.told_success for run in runs) else NOT_ALWAYS
