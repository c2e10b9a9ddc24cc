"""`python -m benchmarks [NAME]`: runs all benchmarks, or one, and fails when a goal is missed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from benchmarks import ack, allowlist, fan_out, log_search, maintenance, packaging, run_command, synth
from benchmarks.table import table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from benchmarks.report import Report

BENCHMARKS: dict[str, Callable[[], Report]] = {
    "run_command": run_command.run,
    "maintenance": maintenance.run,
    "allowlist": allowlist.run,
    "fan_out": fan_out.run,
    "log_search": log_search.run,
    "ack": ack.run,
    "synth": synth.run,
    "packaging": packaging.run,
}


def main(names: Sequence[str]) -> int:
    """Run those benchmarks, or all, and say whether all goals were met."""
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        print(f"no benchmark {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}", file=sys.stderr)
        return 2
    reports = [BENCHMARKS[name]() for name in names or BENCHMARKS]
    for report in reports:
        goals = [[goal.name, goal.limit, goal.found, "met" if goal.met else "MISSED"] for goal in report.goals]
        print(f"\n{report.text}\n\n{table('Goals', ['goal', 'limit', 'found', ''], goals)}\n\n{report.write()}")
    return 0 if all(report.met for report in reports) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
