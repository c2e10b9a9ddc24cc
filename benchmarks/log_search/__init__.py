"""A request id in 1, 10 and 50 log groups: LogSearch against the loop of the prior system."""

from __future__ import annotations

import os
import platform
import sys
from dataclasses import asdict

from benchmarks.log_search import corpus, measurement, results
from benchmarks.report import Report

NAME = "log_search"


def run() -> Report:
    """Measure all designs in turn: about two minutes."""
    sys.stderr.write(f"{NAME}: {measurement.ROUNDS} rounds over {', '.join(map(str, measurement.GROUPS))} log groups\n")
    runs = measurement.measure()
    found = results.medians(runs)
    return Report(
        name=NAME,
        medians=found,
        ratios=results.ratios(found),
        facts={
            "circumstances": {
                "rounds": measurement.ROUNDS,
                "latency_seconds": [0, corpus.LONGEST_LATENCY],
                "throttled_every": corpus.THROTTLED_EVERY,
                "events_of_a_page": corpus.PAGE,
                "cpus": os.cpu_count(),
                "python": platform.python_version(),
            },
            "runs": [asdict(one) for one in runs],
        },
        goals=results.goals(runs, found),
        text=results.text(found),
    )
