"""One run: so many jobs through one of the designs, against an API that allows no more than it allows."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.fan_out.api_double import ApiDouble, Calls
    from benchmarks.fan_out.stacks import Api
    from chatops_local.server import Server

JOBS = 1000
LATENCY = 0.4
"""Seconds of a call: long enough for two processors to do all that is around it."""

WATCHED_SECONDS = 240.0
"""What is not done by then is not waited for."""

WARM_UP = 40


@dataclass(frozen=True)
class Run:
    """What became of the jobs.

    Attributes:
        design: `OURS` or `PRIOR`.
        api: The name of the API.
        done: How many jobs were done while somebody watched.
        doubled: How many calls were made again for a job that was done.
        refused: How many calls the API answered with 429.
        parallel: The most calls at a time.
        in_a_second: The most calls within a second.
        rate: How many calls began in a second, from the first to the last.
        seconds: From the producer's invocation to the end of the last call.
        ideal: What that is if nothing but the API takes time.
    """

    design: str
    api: str
    done: int
    doubled: int
    refused: int
    parallel: int
    in_a_second: int
    rate: float
    seconds: float
    ideal: float


def ideal(api: Api, jobs: int = JOBS) -> float:
    """How long an API needs for the jobs, be it for its parallel calls or for its rate."""
    by_rate = jobs / api.per_second if api.rated else 0.0
    return max(jobs * LATENCY / api.parallel, by_rate)


def have_done(server: Server, double: ApiDouble, design: str, api: Api, producer: str, name: str) -> Run:
    """Have the jobs done, and watch.

    Args:
        server: Where the design is deployed.
        double: The API.
        design: `OURS` or `PRIOR`.
        api: What it allows.
        producer: The name of the function that publishes.
        name: The run's: its jobs are no other run's.
    """
    _done(server, double, api, producer, f"{name}-warm-up", WARM_UP)
    calls, began = _done(server, double, api, producer, name, JOBS)
    last = max(calls.begun) - min(calls.begun)
    return Run(
        design=design,
        api=api.name,
        done=len(calls.done),
        doubled=sum(times - 1 for times in calls.done.values()),
        refused=calls.refused,
        parallel=calls.parallel,
        in_a_second=calls.in_a_second,
        rate=round((len(calls.begun) - 1) / last, 2),
        seconds=round(calls.last - began, 2),
        ideal=round(ideal(api), 2),
    )


def _done(server: Server, double: ApiDouble, api: Api, producer: str, name: str, jobs: int) -> tuple[Calls, float]:
    """Publish and wait; returns what the API saw, and when the producer was invoked."""
    calls = double.begin(parallel=api.parallel, per_second=api.per_second)
    began = time.monotonic()
    with ThreadPoolExecutor(1) as threads:
        published = threads.submit(_produce, server, producer, name, jobs)
        while len(calls.done) < jobs and time.monotonic() - began < WATCHED_SECONDS:
            time.sleep(0.2)
        if published.result() != jobs:
            raise RuntimeError(f"{producer} did not publish {jobs} jobs")
    # Whatever is done twice comes soon.
    time.sleep(2)
    return calls, began


def _produce(server: Server, producer: str, name: str, jobs: int) -> int:
    payload = json.dumps({"run": name, "jobs": jobs}).encode()
    answer = server.client("lambda").invoke(FunctionName=producer, Payload=payload)
    return 0 if "FunctionError" in answer else int(json.loads(answer["Payload"].read()))
