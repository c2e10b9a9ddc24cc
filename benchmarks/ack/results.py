"""The measurements in a few numbers, and what they are to show."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import median, quantiles
from typing import TYPE_CHECKING

from benchmarks.ack.measurement import SLACK_SECONDS
from benchmarks.ack.subjects import BARE, BOLT, OURS
from benchmarks.goal import Goal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from benchmarks.ack.measurement import ColdStart
    from benchmarks.ack.subjects import Subject

COLD_OF_BOLT = 0.2
COLD_OF_BARE = 1.7
WARM_OF_BOLT = 0.2
MEMORY_OF_BOLT = 0.45
MOST_ASSET_BYTES = 100_000
SMALLEST_SHARE = 1 / 14  # of a processor, which a function with 128 MB has


@dataclass(frozen=True)
class Summary:
    """One function.

    Attributes:
        cold_ms: From the start of its process to the first acknowledgement, the median.
        cold_cpu_ms: Processor time until then, the median.
        warm_p50_ms: A later acknowledgement, the median.
        warm_p99_ms: The slowest hundredth of those begins here.
        warm_cpu_ms: Processor time of a later acknowledgement, the mean.
        peak_mb: The most memory, the median.
        asset_kb: Its archive.
    """

    cold_ms: float
    cold_cpu_ms: float
    warm_p50_ms: float
    warm_p99_ms: float
    warm_cpu_ms: float
    peak_mb: float
    asset_kb: float


def summarise(runs: Iterable[ColdStart], subjects: Iterable[Subject]) -> dict[str, Summary]:
    """By the functions' names."""
    by_name = _by_name(runs)
    return {subject.name: _summary(by_name[subject.name], subject.asset_bytes) for subject in subjects}


def _by_name(runs: Iterable[ColdStart]) -> dict[str, list[ColdStart]]:
    by_name: dict[str, list[ColdStart]] = {}
    for run in runs:
        by_name.setdefault(run.subject, []).append(run)
    return by_name


def _summary(runs: Sequence[ColdStart], asset_bytes: int) -> Summary:
    warm = [seconds for run in runs for seconds in run.warm_seconds]
    return Summary(
        cold_ms=_milliseconds(median(run.seconds for run in runs)),
        cold_cpu_ms=_milliseconds(median(run.cpu_seconds for run in runs)),
        warm_p50_ms=_milliseconds(median(warm)),
        warm_p99_ms=_milliseconds(quantiles(warm, n=100)[98]),
        warm_cpu_ms=_milliseconds(sum(run.warm_cpu_seconds for run in runs) / len(warm)),
        peak_mb=round(median(run.peak_bytes for run in runs) / 1e6, 1),
        asset_kb=round(asset_bytes / 1e3, 1),
    )


def cold(runs: Iterable[ColdStart]) -> dict[str, dict[str, float]]:
    """Cold starts alone: milliseconds and processor time by the functions' names, the medians, and their ratios."""
    found = {
        name: {
            "cold_ms": _milliseconds(median(run.seconds for run in of)),
            "cold_cpu_ms": _milliseconds(median(run.cpu_seconds for run in of)),
        }
        for name, of in _by_name(runs).items()
    }
    divided = {what: round(value / found[BOLT][what], 3) for what, value in found[OURS].items()}
    return {**found, f"{OURS} / {BOLT}": divided}


def _milliseconds(seconds: float) -> float:
    return round(seconds * 1e3, 2)


def ratios(found: Mapping[str, Summary]) -> dict[str, dict[str, float]]:
    """Ours divided by each of the others."""
    ours = vars(found[OURS])
    return {
        name: {what: round(ours[what] / value, 3) for what, value in vars(one).items()}
        for name, one in found.items()
        if name != OURS
    }


def goals(found: Mapping[str, Summary], shares: Mapping[float, Mapping[str, float]]) -> list[Goal]:
    """What is to be shown."""
    ours, bolt, bare = found[OURS], found[BOLT], found[BARE]
    limited = shares[SMALLEST_SHARE].get(OURS, math.inf)
    return [
        _at_most("cold start to acknowledgement", COLD_OF_BOLT, "Bolt's", ours.cold_ms / bolt.cold_ms),
        _at_most("cold start to acknowledgement", COLD_OF_BARE, "the bare handler's", ours.cold_ms / bare.cold_ms),
        _at_most("warm acknowledgement, p99", WARM_OF_BOLT, "Bolt's", ours.warm_p99_ms / bolt.warm_p99_ms),
        _at_most("peak memory", MEMORY_OF_BOLT, "Bolt's", ours.peak_mb / bolt.peak_mb),
        Goal(
            "asset",
            f"{MOST_ASSET_BYTES / 1e3:g} KB",
            f"{ours.asset_kb:g} KB",
            met=ours.asset_kb * 1e3 <= MOST_ASSET_BYTES,
        ),
        Goal(
            "cold start with 1/14 of a processor",
            f"{SLACK_SECONDS:g} s",
            f"{limited:.2f} s",
            met=limited <= SLACK_SECONDS,
        ),
    ]


def _at_most(name: str, limit: float, whose: str, found: float) -> Goal:
    return Goal(f"dispatch: {name}", f"{limit:g} × {whose}", f"{found:.3f} ×", met=found <= limit)
