"""What the benchmark is to show, and whether it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.goal import Goal
from benchmarks.run_command.designs import CONFIGURATIONS, PRIOR
from benchmarks.run_command.jobs import MINUTE, PICKUP_SECONDS
from benchmarks.run_command.summary import RIGHT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from benchmarks.run_command.jobs import Job
    from benchmarks.run_command.run import Run
    from benchmarks.run_command.summary import Summaries

# What the calls and states between the end and the notice may take.
ALLOWANCE = 1.0
PART, MOST_SECONDS = 0.25, 60.0
# The machine looks once a second at most, so that a run shorter than this is not noticed within a quarter of it.
SHORT = 4.0
ONE_LOOK = 1.0
CHEAPER_FROM = 5 * MINUTE
SAME_TRANSITIONS_FROM = MINUTE

SIGNALLED = tuple(one.name for one in CONFIGURATIONS if one.signal and not one.lost)
UNSIGNALLED = tuple(one.name for one in CONFIGURATIONS if one.lost or not one.signal)
SIGNAL_AND_HINT = CONFIGURATIONS[0].name


def evaluate(jobs: Sequence[Job], runs: Sequence[Run], delayed: Sequence[Run], summaries: Summaries) -> list[Goal]:
    """All goals.

    Args:
        jobs: Those that the goals speak of.
        runs: Their runs.
        delayed: The runs with delayed events.
        summaries: Of the runs.
    """
    return [
        _verdicts(runs),
        _lag_with_signal([*delayed, *(run for run in runs if run.design in SIGNALLED)]),
        *(_lag_without_signal(name, [run for run in runs if run.design == name]) for name in UNSIGNALLED),
        _same_transitions(jobs, runs),
        _no_function(runs),
        # Without a hint it cannot be: to notice an end within a quarter of the run takes more looks than the prior
        # design makes.
        *(_cheaper(one.name, jobs, summaries) for one in CONFIGURATIONS if one.hint),
    ]


def limit_without_signal(length: float) -> float:
    """The longest lag, in seconds, that is allowed without a signal for a script that takes so long.

    A run is counted from the send, as the state machine has to count it: it cannot see when the agent begins.
    """
    if length < SHORT:
        return ONE_LOOK + ALLOWANCE
    return min(PART * (PICKUP_SECONDS + length), MOST_SECONDS)


def _verdicts(runs: Iterable[Run]) -> Goal:
    ours = [run for run in runs if run.design != PRIOR]
    wrong = [run for run in ours if not run.told_success or run.lag is None]
    return Goal("ours: right verdict", "every run", f"{len(ours) - len(wrong)} of {len(ours)} runs", not wrong)


def _lag_with_signal(runs: Sequence[Run]) -> Goal:
    return _lags(
        "signal: lag",
        f"the event's delay + {ALLOWANCE:g} s",
        runs,
        lambda run: run.event_delay + ALLOWANCE,
    )


def _lag_without_signal(design: str, runs: Sequence[Run]) -> Goal:
    return _lags(
        f"{design}: lag",
        f"{PART:.0%} of the run and {MOST_SECONDS:g} s; under {SHORT:g} s one look",
        runs,
        lambda run: limit_without_signal(run.length),
    )


def _lags(name: str, limit: str, runs: Sequence[Run], limit_of: Callable[[Run], float]) -> Goal:
    """Judge every run; what is found is the one that is nearest to its limit, or furthest over it."""
    lags = [(run.lag.seconds, limit_of(run), run) for run in runs if run.lag is not None]
    seconds, allowed, worst = max(lags, key=lambda lag: lag[0] - lag[1] - lag[2].resolution)
    found = f"{seconds:.1f} s of {allowed:.1f} s ({worst.job}, ±{worst.resolution:.1f} s)"
    return Goal(name, limit, found, seconds <= allowed + worst.resolution)


def _same_transitions(jobs: Iterable[Job], runs: Iterable[Run]) -> Goal:
    long = {job.name for job in jobs if job.seconds >= SAME_TRANSITIONS_FROM}
    numbers = sorted({run.usage.transitions for run in runs if run.design == SIGNAL_AND_HINT and run.job in long})
    found = ", ".join(map(str, numbers))
    return Goal(f"{SIGNAL_AND_HINT}: transitions", "the same from 1 min to 24 h", found, len(numbers) == 1)


def _no_function(runs: Iterable[Run]) -> Goal:
    invocations = sum(run.usage.invocations for run in runs if run.design != PRIOR)
    return Goal("ours: functions invoked", "0", str(invocations), invocations == 0)


def _cheaper(name: str, jobs: Iterable[Job], summaries: Summaries) -> Goal:
    """Held against the prior design where it does the job at all."""
    compared = dict(_costs(name, jobs, summaries))
    found = ", ".join(f"{job} {ratio:.0%}" for job, ratio in compared.items())
    met = bool(compared) and all(ratio < 1 for ratio in compared.values())
    return Goal(f"{name}: cost", "less than the prior design's from 5 min", found, met)


def _costs(name: str, jobs: Iterable[Job], summaries: Summaries) -> Iterator[tuple[str, float]]:
    for job in jobs:
        designs = summaries[job.name]
        if job.seconds >= CHEAPER_FROM and designs[PRIOR].verdict == RIGHT:
            yield job.name, designs[name].cost / designs[PRIOR].cost
