"""`python -m benchmarks.load [--minutes 10] [--parallel 50]`: fails if anything was wrong, lost or done twice."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.load.crowd import Crowd
from benchmarks.load.ledger import Ledger
from benchmarks.load.memory import MemoryWatch
from benchmarks.load.results import Run, report
from benchmarks.load.tally import Tally
from benchmarks.table import table
from chatops_local.app import synth
from chatops_local.cloud import InstanceSpec, LocalCloud

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.report import Report

APP = Path(__file__).parent / "app"
INSTANCES = [InstanceSpec("desk-1", {"Role": "desk"})]
LOOKS_AT_MEMORY = 20


def main(arguments: Sequence[str]) -> int:
    """Send for so long, wait for everything to end, print and write what was counted."""
    options = _parser().parse_args(arguments)
    found = run(options.minutes, options.parallel)
    goals = [[goal.name, goal.limit, goal.found, "met" if goal.met else "MISSED"] for goal in found.goals]
    print(f"\n{found.text}\n\n{table('Goals', ['goal', 'limit', 'found', ''], goals)}\n\n{found.write()}")
    return 0 if found.met else 1


def run(minutes: float, parallel: int) -> Report:
    """One local cloud, in real time, for so many minutes."""
    tally = Tally()
    with (
        tempfile.TemporaryDirectory(prefix="chatops-load-") as output,
        LocalCloud.start(instances=INSTANCES) as cloud,
    ):
        stack = cloud.deploy(synth(APP, Path(output)).directory)
        crowd = Crowd(cloud.slack, parallel, tally)
        ledger = Ledger(cloud, stack, crowd.results)
        with crowd.results, MemoryWatch(every=minutes * 60 / LOOKS_AT_MEMORY) as memory:
            crowd.send(minutes * 60)
            print(f"{tally.requests:,} requests; waiting for what is under way", file=sys.stderr, flush=True)
            ledger.wait()
        ledger.settle(tally)
    return report(Run(minutes, parallel, crowd.opened), tally, memory.looks)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("--minutes", type=_minutes, default=10.0, help="how long; default: 10")
    parser.add_argument("--parallel", type=_parallel, default=50, help="how many clients; default: 50")
    return parser


def _minutes(text: str) -> float:
    minutes = float(text)
    if not 0 < minutes < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r}: a number greater than 0 is expected")
    return minutes


def _parallel(text: str) -> int:
    clients = int(text)
    if not 1 <= clients <= 500:
        raise argparse.ArgumentTypeError(f"{text!r}: 1 to 500 clients are expected")
    return clients


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
