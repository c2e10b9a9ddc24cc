"""Runs the jobs."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from benchmarks.run_command.cloud import Cloud
from benchmarks.run_command.designs import CONFIGURATIONS
from benchmarks.run_command.jobs import DELAYED, DELAYS, EVENT_DELAY
from benchmarks.run_command.observation import observe

if TYPE_CHECKING:
    from benchmarks.run_command.cloud import Started
    from benchmarks.run_command.jobs import Job
    from benchmarks.run_command.run import Run

# Between two starts, so that no two runs end at the same moment.
_STAGGER_SECONDS = 0.25


def measure(job: Job) -> list[Run]:
    """Run a job in every design as often as it says: the designs in turn, and all of them under way together."""
    with Cloud(job) as cloud:
        cloud.server.command_events(EVENT_DELAY)
        started = [one for number in range(len(job.longer)) for one in _start(cloud, number)]
        cloud.wait(started)
        return [observe(cloud, one, event_delay=EVENT_DELAY) for one in started]


def measure_delays() -> list[Run]:
    """Run a job with the signal and the hint, once for each delay of the events."""
    runs = []
    with Cloud(DELAYED) as cloud:
        for number, delay in enumerate(DELAYS):
            cloud.server.command_events(delay)
            started = cloud.start_ours(CONFIGURATIONS[0], number)
            cloud.wait([started])
            runs.append(observe(cloud, started, event_delay=delay))
    return runs


def _start(cloud: Cloud, number: int) -> list[Started]:
    # Neither side is always the first.
    prior_first = number % 2 == 0
    started = [cloud.start_prior(number)] if prior_first else []
    for configuration in CONFIGURATIONS:
        time.sleep(_STAGGER_SECONDS)
        started.append(cloud.start_ours(configuration, number))
    time.sleep(_STAGGER_SECONDS)
    return started if prior_first else [*started, cloud.start_prior(number)]
