"""On any one of the instances: the next one only when the script could not have begun."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.end_to_end.scheduled.effects import (
    FAILED,
    RUN_FAILED,
    SUCCEEDED,
    Effects,
    effects,
    notice_of,
    scheduled_at,
)

if TYPE_CHECKING:
    from chatops_local.cloud import LocalCloud, Tick
    from tests.end_to_end.scheduled.instances import Instances

TASK = "Scheduled/AnyOne"


def statuses(tick: Tick) -> dict[str, str]:
    """What the notice says of each instance."""
    return {one["name"]: one["status"] for one in notice_of(tick)["result"]["instances"]}


def test_the_first_by_name(cloud: LocalCloud, instances: Instances):
    tick = cloud.tick("AnyOne")
    assert effects(cloud, instances, tick) == Effects("SUCCEEDED", ran={"web-1": 1}, told=SUCCEEDED, commands=1)
    assert statuses(tick) == {"web-1": "Success"}


def test_offline_ones_are_not_tried(cloud: LocalCloud, instances: Instances):
    instances.go_offline("web-1")
    tick = cloud.tick("AnyOne")
    assert effects(cloud, instances, tick) == Effects("SUCCEEDED", ran={"web-2": 1}, told=SUCCEEDED, commands=1)


def test_the_first_two_are_undeliverable(cloud: LocalCloud, instances: Instances):
    for name in ("web-1", "web-2"):
        cloud.server.fail_delivery(instances.id(name))
    tick = cloud.tick("AnyOne")
    assert effects(cloud, instances, tick) == Effects("SUCCEEDED", ran={"web-3": 1}, told=SUCCEEDED, commands=3)
    assert statuses(tick) == {"web-1": "Undeliverable", "web-2": "Undeliverable", "web-3": "Success"}


def test_all_are_undeliverable(cloud: LocalCloud, instances: Instances):
    for name in ("web-1", "web-2", "web-3"):
        cloud.server.fail_delivery(instances.id(name))
    tick = cloud.tick("AnyOne")
    assert effects(cloud, instances, tick) == Effects(RUN_FAILED, told=FAILED, commands=3)
    assert set(statuses(tick).values()) == {"Undeliverable"}


def test_one_that_never_takes_it_does_not_run_it_later_either(cloud: LocalCloud, instances: Instances):
    cloud.server.fail_delivery(instances.id("web-1"), never_picked_up=True)
    tick = cloud.tick("AnyOne")
    expected = Effects("SUCCEEDED", ran={"web-2": 1}, told=SUCCEEDED, commands=2, cancels=1)
    assert effects(cloud, instances, tick) == expected
    assert statuses(tick) == {"web-1": "Undeliverable", "web-2": "Success"}
    # It is back, and takes what is sent to it from now on, but not what was cancelled.
    cloud.server.restore_delivery(instances.id("web-1"))
    later = cloud.tick("AnyOne")
    assert effects(cloud, instances, later).ran == {"web-1": 1}
    assert instances.runs(TASK, scheduled_at(tick)) == {"web-2": 1}


def test_an_exit_code_is_no_reason_to_go_on(cloud: LocalCloud, instances: Instances):
    instances.exit_with(3, "web-1")
    tick = cloud.tick("AnyOne")
    assert effects(cloud, instances, tick) == Effects(RUN_FAILED, ran={"web-1": 1}, told=FAILED, commands=1)
    (failed,) = notice_of(tick)["result"]["instances"]
    assert (failed["name"], failed["exit_code"]) == ("web-1", 3)


def test_an_agent_that_dies_is_no_reason_to_go_on(cloud: LocalCloud, instances: Instances):
    instances.hold("web-1")
    tick = cloud.tick("AnyOneShort")
    instances.wait_for_runs("Scheduled/AnyOneShort", scheduled_at(tick), 1)
    cloud.server.kill_agent(instances.id("web-1"))
    assert effects(cloud, instances, tick) == Effects(RUN_FAILED, ran={"web-1": 1}, told=FAILED, commands=1)
    assert statuses(tick) == {"web-1": "DeliveryTimedOut"}


def test_a_slow_agent_that_takes_it_in_time(cloud: LocalCloud, instances: Instances):
    cloud.server.slow(instances.id("web-1"), pickup=60)
    tick = cloud.tick("AnyOne")
    assert effects(cloud, instances, tick) == Effects("SUCCEEDED", ran={"web-1": 1}, told=SUCCEEDED, commands=1)


def test_none_is_online(cloud: LocalCloud, instances: Instances):
    instances.go_offline("web-1", "web-2", "web-3")
    tick = cloud.tick("AnyOne")
    assert effects(cloud, instances, tick) == Effects(RUN_FAILED, told=FAILED)
    assert notice_of(tick)["subject"].endswith("ran nowhere: 0 of at least 1 instances online")
