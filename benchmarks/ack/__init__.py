"""From a slash command to its acknowledgement: dispatch against Slack Bolt for Python, and against doing nothing."""

from __future__ import annotations

import os
import platform
from dataclasses import asdict
from fractions import Fraction
from functools import partial
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from benchmarks.ack import measurement
from benchmarks.ack.authority import Authority
from benchmarks.ack.endpoints import Endpoints
from benchmarks.ack.process import FunctionProcess
from benchmarks.ack.results import SMALLEST_SHARE, cold, goals, ratios, summarise
from benchmarks.ack.subjects import BARE, BOLT, OURS, all_subjects, over_tls
from benchmarks.ack.tables import text
from benchmarks.report import Report
from chatops_local.ministack.functions.packages import Packages

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from benchmarks.ack.measurement import ColdStart
    from benchmarks.ack.subjects import Subject

NAME = "ack"
ROUNDS = 30
WARM = 40
SHARES = (1 / 2, 1 / 4, 1 / 7, SMALLEST_SHARE, 1 / 28, 1 / 56)
SHARE_ROUNDS = 5


def run(*, rounds: int = ROUNDS, warm: int = WARM, share_rounds: int = SHARE_ROUNDS) -> Report:
    """Measure everything: about five minutes.

    Args:
        rounds: Cold starts of each function.
        warm: Acknowledgements after each of them.
        share_rounds: Cold starts of each function with each share of a processor.
    """
    with TemporaryDirectory(prefix="chatops-benchmark-") as folder, Endpoints() as endpoints:
        packages = Packages(Path(folder) / "packages")
        subjects = all_subjects(packages, f"{endpoints.url}/api/")
        start = partial(FunctionProcess, endpoint_url=endpoints.url, runtime=packages.runtime)
        calls = {subject.name: _calls(subject, start, endpoints) for subject in subjects}
        load = os.getloadavg()[0]
        runs = measurement.in_turn(subjects, start, rounds=rounds, warm=warm)
        limited = [subject for subject in subjects if subject.name in {BARE, OURS, BOLT}]
        shares = _by_share(limited, start, share_rounds)
        tls_runs = _over_tls(packages, Path(folder), rounds)
    found, tls = summarise(runs, subjects), cold(tls_runs)
    return Report(
        name=NAME,
        medians={name: asdict(one) for name, one in found.items()},
        ratios=ratios(found),
        facts={
            "cold_seconds_by_share": {str(Fraction(share).limit_denominator(99)): of for share, of in shares.items()},
            "cold_over_tls": tls,
            "calls_of_a_cold_start": calls,
            "circumstances": {
                "cold_starts": rounds,
                "warm_acknowledgements": rounds * warm,
                "load_average_before": round(load, 2),
                "cpus": os.cpu_count(),
                "python": platform.python_version(),
                **{name: version(name) for name in ("awslambdaric", "boto3")},
            },
            "runs": [_as_json(run, tls=False) for run in runs] + [_as_json(run, tls=True) for run in tls_runs],
        },
        goals=goals(found, shares),
        text=text(found, ratios(found), shares, tls),
    )


def _as_json(run: ColdStart, *, tls: bool) -> dict[str, object]:
    return {
        "subject": run.subject,
        "tls": tls,
        "seconds": round(run.seconds, 4),
        "cpu_seconds": round(run.cpu_seconds, 4),
    }


def _over_tls(packages: Packages, folder: Path, rounds: int) -> list[ColdStart]:
    """Cold starts with what AWS has and this interface can do without: certificates, and authorities behind them."""
    authority = Authority(folder)
    with Endpoints(authority.server_context()) as endpoints:
        subjects = over_tls(packages, f"{endpoints.url}/api/", authority)
        start = partial(FunctionProcess, endpoint_url=endpoints.url, runtime=packages.runtime)
        for subject in subjects:
            _calls(subject, start, endpoints)
        return measurement.in_turn(subjects, start, rounds=rounds, warm=0)


def _calls(subject: Subject, start: Callable[[Subject], FunctionProcess], endpoints: Endpoints) -> dict[str, int]:
    """What a function calls until its first acknowledgement. Nothing is measured: files are read for the first time."""
    endpoints.calls.clear()
    measurement.cold_start(subject, start, warm=0)
    return dict(endpoints.calls)


def _by_share(
    subjects: Sequence[Subject], start: Callable[[Subject], FunctionProcess], rounds: int
) -> dict[float, dict[str, float]]:
    """Seconds to the acknowledgement, by share and function. Who was too late gets no smaller share after that."""
    found: dict[float, dict[str, float]] = {}
    for share in SHARES:
        found[share] = {
            subject.name: round(measurement.at_share(subject, start, share, rounds=rounds), 3) for subject in subjects
        }
        subjects = [subject for subject in subjects if found[share][subject.name] <= measurement.SLACK_SECONDS]
    return found
