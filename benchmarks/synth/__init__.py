"""Synthesis of an endpoint with its commands, against the same resources written by hand with aws_cdk."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version

from benchmarks.report import Report
from benchmarks.synth.measurement import measure
from benchmarks.synth.results import goals, medians, ratios, text

NAME = "synth"
SIZES = (1, 10, 60)
ROUNDS = 3


def run(*, rounds: int = ROUNDS) -> Report:
    """Measure everything: about three minutes.

    Args:
        rounds: How often each stack is synthesised in each design.
    """
    load = os.getloadavg()[0]
    runs = measure(SIZES, rounds)
    found = medians(runs)
    return Report(
        name=NAME,
        medians={str(commands): designs for commands, designs in found.items()},
        ratios={str(commands): of for commands, of in ratios(found).items()},
        facts={
            "requests": {f"{one.design}, {one.commands}": one.requests for one in runs},
            "circumstances": {
                "rounds": rounds,
                "load_average_before": round(load, 2),
                "cpus": os.cpu_count(),
                "python": platform.python_version(),
                **{name: version(name) for name in ("aws-cdk-lib", "jsii")},
            },
            "runs": [
                {
                    "design": one.design,
                    "commands": one.commands,
                    "define": round(one.define, 3),
                    "synth": round(one.synth, 3),
                    "cpu": round(one.cpu, 3),
                }
                for one in runs
            ],
        },
        goals=goals(found),
        text=text(found),
    )
