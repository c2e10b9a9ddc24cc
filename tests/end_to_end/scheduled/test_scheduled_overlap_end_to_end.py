"""One run of one scheduled time, and runs that meet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.end_to_end.scheduled.effects import (
    SUCCEEDED,
    Effects,
    calls,
    effects,
    notice_of,
    run_name,
    run_of,
    scheduled_at,
)
from tests.end_to_end.scheduled.waiting import until

if TYPE_CHECKING:
    from chatops_local.cloud import LocalCloud, Tick
    from tests.end_to_end.scheduled.instances import Instances

ALL_OF_WEB = {"web-1": 1, "web-2": 1, "web-3": 1}
RAN = Effects("SUCCEEDED", ran=ALL_OF_WEB, told=SUCCEEDED, commands=1)
SKIPPED = Effects("FAILED ChatOps.RunSkipped", told=[("failed", "skipped")])


def begin(cloud: LocalCloud, instances: Instances, task: str) -> Tick:
    """A run whose script does not end before `let_go`."""
    instances.hold("web-1")
    tick = cloud.tick(task)
    instances.wait_for_runs(f"Scheduled/{task}", scheduled_at(tick), 3)
    return tick


def test_delivered_twice(cloud: LocalCloud, instances: Instances):
    tick = cloud.tick("All", times=2)
    assert effects(cloud, instances, tick) == RAN
    (run,) = tick.runs
    assert run.starts == 2
    assert [one.status for one in tick.executions if one.express] == ["SUCCEEDED", "SUCCEEDED"]


def test_delivered_again_after_the_run_is_over(cloud: LocalCloud, instances: Instances):
    tick = cloud.tick("All")
    assert effects(cloud, instances, tick) == RAN
    again = cloud.tick("All", at=tick.scheduled_time)
    again.wait()
    assert [one.status for one in again.executions if one.express] == ["SUCCEEDED"]
    assert instances.runs("Scheduled/All", scheduled_at(tick)) == ALL_OF_WEB
    assert effects(cloud, instances, tick) == RAN


@pytest.mark.parametrize("task", ["All", "Locked"])
def test_the_next_time_comes_while_one_is_under_way(cloud: LocalCloud, instances: Instances, task: str):
    first = begin(cloud, instances, task)
    second = cloud.tick(task)
    assert effects(cloud, instances, second) == SKIPPED
    # Only the list says which; a lock is somebody else's.
    assert notice_of(second)["other"] == (run_name(first) if task == "All" else "")
    instances.let_go("web-1")
    assert effects(cloud, instances, first) == RAN
    assert effects(cloud, instances, cloud.tick(task)) == RAN


def test_both_run_where_that_is_allowed(cloud: LocalCloud, instances: Instances):
    first, second = begin(cloud, instances, "Allowed"), begin(cloud, instances, "Allowed")
    instances.let_go("web-1")
    assert effects(cloud, instances, first) == RAN
    assert effects(cloud, instances, second) == RAN


@pytest.mark.parametrize("task", ["All", "Locked"])
def test_two_begin_at_the_same_moment(cloud: LocalCloud, instances: Instances, task: str):
    instances.hold("web-1")
    both = [cloud.tick(task), cloud.tick(task)]
    until(lambda: any(tick.is_over for tick in both))
    skipped, other = sorted(both, key=lambda tick: not tick.is_over)
    assert effects(cloud, instances, skipped) == SKIPPED
    instances.let_go("web-1")
    assert effects(cloud, instances, other) == RAN


def test_a_list_that_lags_hides_a_run_but_no_lock(cloud: LocalCloud, instances: Instances):
    # What the documentation says of Overlap.SKIP: it rests on the list. Longer than all of the tests.
    cloud.server.lag_execution_lists(1_000_000)
    first = begin(cloud, instances, "All")
    second = begin(cloud, instances, "All")
    locked = begin(cloud, instances, "Locked")
    assert effects(cloud, instances, cloud.tick("Locked")) == SKIPPED
    instances.let_go("web-1")
    for tick in (first, second, locked):
        assert effects(cloud, instances, tick) == RAN


def test_a_list_that_still_has_the_run_before(cloud: LocalCloud, instances: Instances):
    # Less than the five seconds after which a run that is listed is looked for once more.
    cloud.server.lag_execution_lists(3)
    assert effects(cloud, instances, cloud.tick("All")) == RAN
    assert effects(cloud, instances, cloud.tick("All")) == RAN


def test_an_aborted_run_leaves_its_lock(cloud: LocalCloud, instances: Instances):
    first = begin(cloud, instances, "Locked")
    cloud.server.client("stepfunctions").stop_execution(executionArn=run_of(first).arn)
    assert effects(cloud, instances, cloud.tick("Locked")) == SKIPPED
    # After the longest time that the run might have taken the lock is void; here somebody takes it away.
    dynamodb = cloud.server.client("dynamodb")
    (table,) = [name for name in dynamodb.list_tables()["TableNames"] if name.startswith("Scheduled-RunLocks")]
    (lock,) = dynamodb.scan(TableName=table)["Items"]
    assert lock["run"] == {"S": run_name(first)}
    dynamodb.delete_item(TableName=table, Key={"task": lock["task"]})
    instances.let_go("web-1")
    assert effects(cloud, instances, cloud.tick("Locked")) == RAN


def test_a_run_looks_for_others_once_if_there_are_none(cloud: LocalCloud, instances: Instances):
    tick = cloud.tick("All")
    assert effects(cloud, instances, tick) == RAN
    assert calls(cloud, run_of(tick).arn, "listExecutions") == 1
