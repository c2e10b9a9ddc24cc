"""Jobs of a quarter of an hour, an hour, a day, and more than they may take; a day passes in seventeen seconds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from chatops_local.cloud import InstanceSpec
from tests.end_to_end.scheduled.conftest import scheduled_cloud
from tests.end_to_end.scheduled.effects import CANCEL, calls, run_of, was_signalled

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from chatops_local.cloud import LocalCloud, Tick

TIME_SCALE = 0.0002
MINUTE, HOUR = 60, 3600
JOBS = {
    "Quarter": 15 * MINUTE,
    "Hour": HOUR,
    "Day": 24 * HOUR + MINUTE,
    "TooLong": 30 * HOUR,
    "Unsignalled": 2 * HOUR,
}


@pytest.fixture(scope="module")
def cloud(scheduled_assembly: Path) -> Iterator[LocalCloud]:
    """A cloud in which time goes by faster."""
    specs = [InstanceSpec(f"{job.lower()}-1", {"Role": job.lower()}) for job in JOBS]
    with scheduled_cloud(scheduled_assembly, specs, time_scale=TIME_SCALE) as cloud:
        for job, seconds in JOBS.items():
            cloud.server.script_takes(cloud.instances[f"{job.lower()}-1"], seconds)
        yield cloud


@pytest.fixture(scope="module")
def ticks(cloud: LocalCloud) -> dict[str, Tick]:
    """One run of each job, all at once."""
    ticks = {job: cloud.tick(f"Durations/{job}") for job in JOBS}
    for tick in ticks.values():
        tick.wait(120)
    return ticks


def told(tick: Tick) -> dict[str, Any]:
    """The one notice."""
    notices = [json.loads(publication.text("sqs")) for publication in tick.published]
    found = [notice for notice in notices if notice["task"] == tick.schedule.path]
    assert len(found) == 1, run_of(tick)
    return found[0]  # type: ignore[no-any-return]


@pytest.mark.parametrize("job", ["Quarter", "Hour", "Day", "Unsignalled"])
def test_a_job_of_any_length_is_waited_for(cloud: LocalCloud, ticks: dict[str, Tick], job: str):
    notice = told(ticks[job])
    assert notice["outcome"] == "succeeded"
    assert [one["status"] for one in notice["result"]["instances"]] == ["Success"]
    run = run_of(ticks[job])
    assert run.status == "SUCCEEDED"
    assert run.ended_at is not None
    assert run.ended_at - run.started_at >= JOBS[job] * TIME_SCALE
    assert calls(cloud, run.arn, CANCEL) == 0


def test_one_that_takes_longer_than_it_may_ends_by_its_name(cloud: LocalCloud, ticks: dict[str, Tick]):
    notice = told(ticks["TooLong"])
    assert notice["outcome"] == "failed"
    (instance,) = notice["result"]["instances"]
    assert instance["status"] == "ExecutionTimedOut"
    assert notice["result"]["timeout_seconds"] == 24 * HOUR
    assert calls(cloud, run_of(ticks["TooLong"]).arn, CANCEL) == 0


def test_with_the_signal_a_day_has_as_many_transitions_as_an_hour(cloud: LocalCloud, ticks: dict[str, Tick]):
    arns = {job: run_of(ticks[job]).arn for job in ("Quarter", "Hour", "Day")}
    transitions = {job: cloud.server.state_transitions(arn) for job, arn in arns.items()}
    for job in ("Hour", "Day"):
        assert was_signalled(cloud, arns[job])
        # The early look; and the one that the signal leads to.
        assert calls(cloud, arns[job], "listCommands") == 2
    assert transitions["Hour"] == transitions["Day"] < 40
    # So short a job here may be over at the early look.
    assert transitions["Quarter"] <= transitions["Day"]
