"""`python -m tests.iam`: takes every permission of the examples away alone, and sees who is denied it.

Name apps, such as `ops_bot minimal/run_script`, to try those only.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed

from tests.iam.everything import EVERYTHING
from tests.iam.verdicts import ELSEWHERE, KILLED, SURVIVOR, Report, summary, tried

# Much of a trial is waiting: one more than there are cores.
_WORKERS = (os.cpu_count() or 1) + 1


def main(names: list[str]) -> int:
    """Try the apps; 1 if something is wrong."""
    known = [app.name for app in EVERYTHING]
    unknown = set(names) - set(known)
    if unknown:
        return _say(f"no such app: {', '.join(sorted(unknown))}; there are {', '.join(known)}", code=2)
    without_proof = {
        f"{one.proof} does not exist" for app in EVERYTHING for one in app.elsewhere if not one.has_proof()
    }
    begun = time.monotonic()
    reports, failures = _tried(names or known)
    failures += [f"{report.app}, canary: {problem}" for report in reports for problem in report.problems]
    _say_elsewhere(reports)
    for failure in (*failures, *sorted(without_proof)):
        _say(f"FAILED {failure}")
    survivors = sum(report.count(SURVIVOR) for report in reports)
    canaries = sum(report.canaries for report in reports)
    _say(f"{len(reports)} apps in {time.monotonic() - begun:.0f} s; roles were asked {canaries} canaries")
    return _say(summary(reports), code=int(bool(survivors or failures or without_proof)))


def _tried(names: list[str]) -> tuple[list[Report], list[str]]:
    reports, failures = [], []
    # Spawned: Node and the threads of an app must not be inherited.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(_WORKERS, mp_context=context) as executor:
        trials = {executor.submit(tried, name): name for name in names}
        for done, trial in enumerate(as_completed(trials), 1):
            progress = f"[{done}/{len(trials)}] {trials[trial]}"
            error = trial.exception()
            if error is not None:
                failures.append(f"{trials[trial]}: {type(error).__name__}: {error}")
                _say(f"{progress}: {type(error).__name__}: {error}")
                continue
            report = trial.result()
            reports.append(report)
            counts = ", ".join(f"{report.count(one)} {one}" for one in (KILLED, ELSEWHERE, SURVIVOR))
            _say(f"{progress}: {len(report.verdicts)} permissions, {counts} ({report.seconds:.0f} s)")
            for verdict in report.verdicts:
                if verdict.outcome == SURVIVOR:
                    _say(f"SURVIVOR {report.app}, {verdict.permission.label}: {verdict.why}")
    return reports, failures


def _say_elsewhere(reports: list[Report]) -> None:
    proofs = Counter(one.why for report in reports for one in report.verdicts if one.outcome == ELSEWHERE)
    for why, number in sorted(proofs.items()):
        _say(f"elsewhere, {number}: {why}")


def _say(text: str, *, code: int = 0) -> int:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
