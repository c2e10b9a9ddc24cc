"""Closing a site for maintenance: the switch from Slack against a deployment that changes the web ACL."""

from __future__ import annotations

import os
import platform
import sys
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.maintenance import results
from benchmarks.maintenance.run import HOME, Sites
from benchmarks.report import Report
from chatops_local.cloud import LocalCloud

NAME = "maintenance"
ROUNDS = 5


def run() -> Report:
    """Measure both designs in turn: about two minutes."""
    sys.stderr.write(f"{NAME}: deploying both designs, then {ROUNDS} rounds\n")
    with TemporaryDirectory(prefix="chatops-benchmark-") as directory, LocalCloud.start(region=HOME) as cloud:
        sites = Sites(cloud, Path(directory))
        sites.warm_up()
        # In turn, so that whatever else this machine does meets both.
        runs = [one for _ in range(ROUNDS) for one in (sites.close_prior(), sites.close_ours())]
    found = results.medians(runs)
    return Report(
        name=NAME,
        medians=found,
        ratios=results.ratios(found),
        facts={
            "circumstances": {"rounds": ROUNDS, "cpus": os.cpu_count(), "python": platform.python_version()},
            "runs": [asdict(one) for one in runs],
        },
        goals=results.goals(runs, found),
        text=results.text(runs, found),
    )
