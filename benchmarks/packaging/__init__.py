"""Packages of a function, built by PythonFunction and by a plain `uv pip install --target` of the same requirements."""

from __future__ import annotations

import os
import platform
import sys
from importlib.metadata import version

from benchmarks.packaging import measurement, results
from benchmarks.report import Report

NAME = "packaging"


def run() -> Report:
    """Measure everything: about two minutes."""
    load = os.getloadavg()[0]
    sys.stderr.write(f"{NAME}: {measurement.ROUNDS} rounds\n")
    runs = measurement.measure()
    found = results.medians(runs)
    return Report(
        name=NAME,
        medians=found,
        ratios=results.ratios(found),
        facts={
            "circumstances": {
                "rounds": measurement.ROUNDS,
                "load_average_before": round(load, 2),
                "cpus": os.cpu_count(),
                "python": platform.python_version(),
                "target": measurement.TARGET.name,
                "packages": measurement.packages(),
                **{name: version(name) for name in ("aws-cdk-lib", "uv")},
            },
            "runs": [{"what": one.what, "design": one.design, "seconds": round(one.seconds, 3)} for one in runs],
        },
        goals=results.goals(found),
        text=results.text(found),
    )
