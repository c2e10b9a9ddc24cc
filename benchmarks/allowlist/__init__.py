"""200 people who register at once: IpAllowlistFunction against a function that reads, appends and writes."""

from __future__ import annotations

import os
import platform
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.allowlist import results, stacks
from benchmarks.allowlist.design import SECRET, Design
from benchmarks.allowlist.rush import AT_ONCE, CONFLICTS, NETWORKS, PEOPLE, THROTTLED, people, rush
from benchmarks.report import Report
from chatops_local.server import Server

NAME = "allowlist"
ROUNDS = len(NETWORKS)


def run() -> Report:
    """Measure both designs in turn: about three minutes."""
    sys.stderr.write(f"{NAME}: deploying both designs, then {ROUNDS} rounds of {PEOPLE} people\n")
    with TemporaryDirectory(prefix="chatops-benchmark-") as directory, Server.start(time_scale=1.0) as server:
        stacks.synthesise(Path(directory))
        server.put_secret(stacks.SECRET_PARAMETER, SECRET)
        ours, prior = (Design(server, Path(directory), name) for name in (stacks.OURS, stacks.PRIOR))
        for design in (ours, prior):
            _warm_up(design)
        # In turn, so that whatever else this machine does meets both.
        runs = [rush(server, design, number) for number in range(ROUNDS) for design in (prior, ours)]
        calm = rush(server, ours, ROUNDS, calm=True)
    found = results.medians(runs)
    return Report(
        name=NAME,
        medians=found,
        ratios=results.ratios(found),
        facts={
            "circumstances": {
                "people": PEOPLE,
                "at_once": AT_ONCE,
                "rounds": ROUNDS,
                "conflicts": CONFLICTS,
                "throttled": THROTTLED,
                "crashes": 1,
                "cpus": os.cpu_count(),
                "python": platform.python_version(),
            },
            "calm": asdict(calm),
            "runs": [asdict(one) for one in runs],
        },
        goals=results.goals(runs),
        text=results.text(runs, found, calm),
    )


def _warm_up(design: Design) -> None:
    """So that no process that faces people starts in a round that is measured."""
    with ThreadPoolExecutor(AT_ONCE) as threads:
        list(threads.map(design.look, people(0)[:AT_ONCE]))
