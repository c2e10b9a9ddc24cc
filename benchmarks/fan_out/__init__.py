"""1,000 jobs against an API with limits: ThrottledFanOut, and a function that SNS invokes with reserved concurrency."""

from __future__ import annotations

import os
import platform
import sys
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.fan_out import results, stacks
from benchmarks.fan_out.api_double import TOLERANCE, ApiDouble
from benchmarks.fan_out.measurement import JOBS, LATENCY, WATCHED_SECONDS, Run, have_done
from benchmarks.report import Report
from chatops_local.server import Server

NAME = "fan_out"
ROUNDS = 3
"""Of ours. One of the prior design, whose waits make it long: and the local cloud's are a tenth of Lambda's."""

TIME_SCALE = 0.1


def run_all() -> list[Run]:
    """All runs, on one local cloud."""
    with (
        TemporaryDirectory(prefix="chatops-benchmark-") as directory,
        ApiDouble(LATENCY) as double,
        Server.start(time_scale=TIME_SCALE) as server,
    ):
        stacks.synthesise(Path(directory), double.port)
        runs = []
        for design, rounds in ((stacks.OURS, ROUNDS), (stacks.PRIOR, 1)):
            for api in stacks.APIS:
                deployed = server.deploy(Path(directory), f"{design}{api.name}")
                producer = deployed.outputs["ProducerName"]
                for number in range(rounds):
                    sys.stderr.write(f"{NAME}: {design}, {api.name}, {number + 1} of {rounds}\n")
                    runs.append(have_done(server, double, design, api, producer, f"{api.name}-{number}"))
                # What is still on its way must not meet the next one's calls.
                server.destroy(deployed)
        return runs


def run() -> Report:
    """Measure both designs: about twenty minutes."""
    runs = run_all()
    found = results.medians(runs)
    return Report(
        name=NAME,
        medians=found,
        ratios=results.ratios(found),
        facts={
            "circumstances": {
                "jobs": JOBS,
                "latency": LATENCY,
                "apis": [asdict(api) for api in stacks.APIS],
                "tolerance": TOLERANCE,
                "rounds": ROUNDS,
                "watched_seconds": WATCHED_SECONDS,
                "time_scale": TIME_SCALE,
                "cpus": os.cpu_count(),
                "python": platform.python_version(),
            },
            "runs": [asdict(one) for one in runs],
        },
        goals=results.goals(runs),
        text=results.text(found),
    )
