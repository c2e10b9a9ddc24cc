"""The reasoning of the benchmark of the fan-out: what the API refuses, ideals, goals, tables. Nothing here is timed."""

from __future__ import annotations

import dataclasses
import threading
import time
from http.client import HTTPConnection

import pytest

from benchmarks.__main__ import BENCHMARKS
from benchmarks.fan_out import results
from benchmarks.fan_out.api_double import ApiDouble
from benchmarks.fan_out.measurement import JOBS, Run, ideal
from benchmarks.fan_out.stacks import OURS, PARALLEL, PRIOR, RATED

GOOD = Run(
    design=OURS,
    api=PARALLEL.name,
    done=JOBS,
    doubled=0,
    refused=0,
    parallel=PARALLEL.parallel,
    in_a_second=15,
    rate=12.0,
    seconds=ideal(PARALLEL) * 1.05,
    ideal=ideal(PARALLEL),
)
RATE = dataclasses.replace(GOOD, api=RATED.name, rate=RATED.per_second * 0.98, ideal=ideal(RATED))
PRIORS = [dataclasses.replace(one, design=PRIOR, done=JOBS // 2) for one in (GOOD, RATE)]
RUNS = [GOOD, RATE, *PRIORS]


def missed(*instead: Run) -> list[str]:
    return [goal.name for goal in results.goals([*RUNS, *instead]) if not goal.met]


def call(port: int, job: str) -> int:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("POST", "/", body=job)
        return connection.getresponse().status
    finally:
        connection.close()


def test_it_is_one_of_the_benchmarks() -> None:
    assert "fan_out" in BENCHMARKS


@pytest.mark.parametrize(
    ("change", "goal"),
    [
        ({"done": JOBS - 1}, "jobs lost"),
        ({"doubled": 1}, "done twice"),
        ({"refused": 1}, "over what the API allows"),
        ({"seconds": GOOD.ideal * 1.11}, "time, to"),
    ],
)
def test_each_goal_can_be_missed(change: dict[str, float], goal: str) -> None:
    assert missed() == []
    (name,) = missed(dataclasses.replace(GOOD, **change))  # type: ignore[arg-type]  # whole numbers are
    assert goal in name


@pytest.mark.parametrize("rate", [RATED.per_second * 0.94, RATED.per_second * 1.06])
def test_a_rate_is_off_in_both_directions(rate: float) -> None:
    assert missed(dataclasses.replace(RATE, rate=rate)) == ["ours: rate, off per_second"]


def test_ideals_are_by_concurrency_or_by_rate() -> None:
    assert ideal(PARALLEL) == pytest.approx(JOBS * 0.4 / PARALLEL.parallel)
    assert ideal(RATED) == pytest.approx(JOBS / RATED.per_second)
    assert results.ratios(results.medians(RUNS))[PARALLEL.name] == {
        "done": 2.0,
        "seconds": 1.0,
        "seconds_to_ideal": 1.05,
    }


def test_the_table_has_both_designs_at_both_apis() -> None:
    text = results.text(results.medians(RUNS))
    assert all(f"{api}, {design}" in text for api in (PARALLEL.name, RATED.name) for design in (OURS, PRIOR))


def test_the_api_refuses_what_is_more_than_the_rate() -> None:
    with ApiDouble(latency=0.0) as api:
        calls = api.begin(parallel=10, per_second=2)
        assert [call(api.port, "a"), call(api.port, "b"), call(api.port, "a")].count(200) == 2
    assert (calls.refused, calls.in_a_second, calls.done) == (1, 3, {"a": 1, "b": 1})


def test_the_api_refuses_what_is_more_at_a_time() -> None:
    with ApiDouble(latency=0.5) as api:
        calls = api.begin(parallel=1, per_second=100)
        first = threading.Thread(target=call, args=(api.port, "a"))
        first.start()
        while not calls.begun:
            time.sleep(0.01)
        assert call(api.port, "b") == 429
        first.join()
    assert (calls.parallel, calls.done) == (2, {"a": 1})
