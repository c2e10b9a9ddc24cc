"""Runs of scripts on instances: ScheduledRunCommand against the design that it replaces."""

from __future__ import annotations

import os
import platform
from dataclasses import asdict

from benchmarks.report import Report
from benchmarks.run_command import prices
from benchmarks.run_command.goals import evaluate
from benchmarks.run_command.jobs import EVENT_DELAY, JOBS, OFF_THE_HINT, PICKUP_SECONDS
from benchmarks.run_command.measurement import measure, measure_delays
from benchmarks.run_command.summary import ratios, summarise
from benchmarks.run_command.tables import text

NAME = "run_command"


def run() -> Report:
    """Measure everything: about ten minutes."""
    judged = {job.name for job in JOBS}
    jobs = (*JOBS, *OFF_THE_HINT)
    runs = [run for job in jobs for run in measure(job)]
    delayed = measure_delays()
    summaries = summarise(runs)
    return Report(
        name=NAME,
        medians={job: {name: one.to_json() for name, one in designs.items()} for job, designs in summaries.items()},
        ratios=ratios(summaries),
        facts={
            "lag_by_event_delay": [asdict(run) for run in delayed],
            "circumstances": {
                "event_delay_seconds": EVENT_DELAY,
                "pickup_seconds": PICKUP_SECONDS,
                "time_scales": {job.name: job.time_scale for job in jobs},
                "cpus": os.cpu_count(),
                "python": platform.python_version(),
            },
            "price_list": prices.to_json(),
            "runs": [asdict(run) for run in runs],
        },
        goals=evaluate(JOBS, [run for run in runs if run.job in judged], delayed, summaries),
        text=text(summaries, delayed),
    )
