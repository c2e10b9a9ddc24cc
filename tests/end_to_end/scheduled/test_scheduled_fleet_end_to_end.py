"""A scheduled time → tick → run → scripts on the instances → verdict → notice, on fleets in every state."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.end_to_end.scheduled.effects import (
    FAILED,
    RUN_FAILED,
    SUCCEEDED,
    Effects,
    effects,
    notice_of,
    run_of,
    scheduled_at,
)
from tests.end_to_end.scheduled.waiting import until

if TYPE_CHECKING:
    from chatops_local.cloud import LocalCloud
    from tests.end_to_end.scheduled.instances import Instances

WEB = ("web-1", "web-2", "web-3")
ALL_OF_WEB = dict.fromkeys(WEB, 1)


def test_three_instances(cloud: LocalCloud, instances: Instances):
    tick = cloud.tick("All")
    expected = Effects("SUCCEEDED", ran=ALL_OF_WEB, told=SUCCEEDED, commands=1)
    assert effects(cloud, instances, tick) == expected
    notice = notice_of(tick)
    assert notice["subject"] == "Scheduled/All succeeded on 3 of 3 instances"
    assert notice["scheduled_at"] == scheduled_at(tick)
    assert notice["execution"] == run_of(tick).arn
    assert [one["name"] for one in notice["result"]["instances"]] == list(WEB)


def test_started_by_hand(cloud: LocalCloud, instances: Instances):
    tick = cloud.tick("All")
    assert effects(cloud, instances, tick).ended == "SUCCEEDED"
    machine = run_of(tick).state_machine_arn
    begun = instances.runs("Scheduled/All", "").get("web-1", 0)
    machines = cloud.server.client("stepfunctions")
    arn = machines.start_execution(stateMachineArn=machine, name="by-hand", input="{}")["executionArn"]
    run = until(lambda: _if_over(machines.describe_execution(executionArn=arn)))
    assert run["status"] == "SUCCEEDED"
    notice = json.loads(run["output"])
    assert (notice["id"], notice["scheduled_at"], notice["outcome"]) == ("by-hand", "", "succeeded")
    assert "Started by hand, run by-hand." in notice["text"]
    assert instances.runs("Scheduled/All", "")["web-1"] == begun + 1


def _if_over(execution: dict[str, Any]) -> dict[str, Any]:
    return execution if execution["status"] != "RUNNING" else {}


def test_one_instance(cloud: LocalCloud, instances: Instances):
    instances.go_offline("web-1", "web-3")
    tick = cloud.tick("All")
    assert effects(cloud, instances, tick) == Effects("SUCCEEDED", ran={"web-2": 1}, told=SUCCEEDED, commands=1)
    notice = notice_of(tick)
    assert notice["subject"] == "Scheduled/All succeeded on 1 of 1 instance"
    assert [one["name"] for one in notice["result"]["offline"]] == ["web-1", "web-3"]
    assert "Offline, not run: web-1 (i-" in notice["text"]


def test_one_of_three_fails(cloud: LocalCloud, instances: Instances):
    instances.exit_with(7, "web-2")
    instances.say("the disk is full\n", "web-2")
    tick = cloud.tick("All")
    assert effects(cloud, instances, tick) == Effects(RUN_FAILED, ran=ALL_OF_WEB, told=FAILED, commands=1)
    notice = notice_of(tick)
    assert notice["subject"] == "Scheduled/All failed on 1 of 3 instances"
    failed, *others = notice["result"]["instances"]
    assert (failed["name"], failed["status"], failed["exit_code"]) == ("web-2", "Failed", 7)
    assert failed["stdout"] == "the disk is full\n"
    assert [one["status"] for one in others] == ["Success", "Success"]
    assert "web-2 (i-" in notice["text"]
    assert "exit code 7\n" in notice["text"]
    assert "\n    the disk is full\n" in notice["text"]


def test_sixty_instances_of_which_three_may_fail(cloud: LocalCloud, instances: Instances):
    # More than fifty: the command goes to the tag. 95 % of 60 are 57.
    instances.exit_with(1, "sixty-01", "sixty-30", "sixty-60")
    tick = cloud.tick("Sixty")
    everywhere = {f"sixty-{number:02}": 1 for number in range(1, 61)}
    assert effects(cloud, instances, tick) == Effects("SUCCEEDED", ran=everywhere, told=SUCCEEDED, commands=1)
    result = notice_of(tick)["result"]
    assert (result["ran"], result["succeeded"], result["failed"], len(result["instances"])) == (60, 57, 3, 20)
    assert [one["name"] for one in result["instances"] if one["status"] != "Success"] == [
        "sixty-01",
        "sixty-30",
        "sixty-60",
    ]


def test_sixty_instances_of_which_four_fail(cloud: LocalCloud, instances: Instances):
    instances.exit_with(1, "sixty-01", "sixty-02", "sixty-30", "sixty-60")
    tick = cloud.tick("Sixty")
    everywhere = {f"sixty-{number:02}": 1 for number in range(1, 61)}
    assert effects(cloud, instances, tick) == Effects(RUN_FAILED, ran=everywhere, told=FAILED, commands=1)


def test_output_of_any_size_fits_into_the_notice(cloud: LocalCloud, instances: Instances):
    # 2,500 characters of four bytes on each: 600,000 bytes. Five more say nothing, but are named.
    for number in range(1, 56):
        instances.say("🚀" * 2_500, f"sixty-{number:02}")
    for number in range(1, 61):
        instances.exit_with(1, f"sixty-{number:02}")
    tick = cloud.tick("Sixty")
    everywhere = {f"sixty-{number:02}": 1 for number in range(1, 61)}
    assert effects(cloud, instances, tick) == Effects(RUN_FAILED, ran=everywhere, told=FAILED, commands=1)
    notice = notice_of(tick)
    shown = [one["stdout"] for one in notice["result"]["instances"] if one.get("stdout")]
    assert len(shown) == 3
    assert all(set(text) == {"🚀"} and len(text) >= 600 for text in shown)
    (published,) = [one.message for one in tick.published if one.subject == notice["subject"]]
    assert len(published.encode()) <= 262_144


@pytest.mark.parametrize(
    ("failing", "ended", "told"),
    [(("web-2",), "SUCCEEDED", SUCCEEDED), (("web-1", "web-2"), RUN_FAILED, FAILED)],
)
def test_at_least_two_have_to_succeed(
    cloud: LocalCloud, instances: Instances, failing: tuple[str, ...], ended: str, told: list[tuple[str, str]]
):
    instances.exit_with(1, *failing)
    tick = cloud.tick("AtLeastTwo")
    assert effects(cloud, instances, tick) == Effects(ended, ran=ALL_OF_WEB, told=told, commands=1)


def test_nothing_runs_with_fewer_online_than_have_to_be(cloud: LocalCloud, instances: Instances):
    instances.go_offline("web-3")
    tick = cloud.tick("AtLeastThreeOnline")
    assert effects(cloud, instances, tick) == Effects(RUN_FAILED, told=FAILED)
    assert notice_of(tick)["subject"].endswith("ran nowhere: 2 of at least 3 instances online")


@pytest.mark.parametrize("task", ["Nobody", "Stopped"])
def test_a_tag_without_instances_and_one_of_a_stopped_instance(cloud: LocalCloud, instances: Instances, task: str):
    tick = cloud.tick(task)
    assert effects(cloud, instances, tick) == Effects(RUN_FAILED, told=FAILED)
    notice = notice_of(tick)
    assert notice["subject"] == f"Scheduled/{task} ran nowhere: 0 of at least 1 instances online"
    assert f"Role={task.lower()}" in notice["text"]
    assert ("stopped-1" in notice["text"]) == (task == "Stopped")


def test_no_error_allowed_and_one_at_a_time(cloud: LocalCloud, instances: Instances):
    instances.exit_with(1, "web-1")
    tick = cloud.tick("StopEarly")
    assert effects(cloud, instances, tick) == Effects(RUN_FAILED, ran={"web-1": 1}, told=FAILED, commands=1)
    statuses = {one["name"]: one["status"] for one in notice_of(tick)["result"]["instances"]}
    assert statuses == {"web-1": "Failed", "web-2": "Terminated", "web-3": "Terminated"}


def test_an_instance_dies_while_the_script_runs(cloud: LocalCloud, instances: Instances):
    instances.hold("web-2")
    tick = cloud.tick("Short")
    instances.wait_for_runs("Scheduled/Short", scheduled_at(tick), 3)
    cloud.server.stop_instance(instances.id("web-2"))
    assert effects(cloud, instances, tick) == Effects(RUN_FAILED, ran=ALL_OF_WEB, told=FAILED, commands=1)
    statuses = {one["name"]: one["status"] for one in notice_of(tick)["result"]["instances"]}
    assert statuses == {"web-1": "Success", "web-2": "DeliveryTimedOut", "web-3": "Success"}


def test_a_script_that_takes_longer_than_it_may(cloud: LocalCloud, instances: Instances):
    instances.hold("web-1")
    tick = cloud.tick("Short")
    assert effects(cloud, instances, tick) == Effects(RUN_FAILED, ran=ALL_OF_WEB, told=FAILED, commands=1)
    statuses = {one["name"]: one["status"] for one in notice_of(tick)["result"]["instances"]}
    assert statuses == {"web-1": "ExecutionTimedOut", "web-2": "Success", "web-3": "Success"}


def test_what_is_not_over_at_the_deadline_is_cancelled(cloud: LocalCloud, instances: Instances):
    # One after the other they take 435 seconds. 30 until one has it, 150 to run it and 60 more are 240.
    for name in WEB:
        cloud.server.script_takes(instances.id(name), 145)
    tick = cloud.tick("OneByOne")
    assert effects(cloud, instances, tick) == Effects(RUN_FAILED, told=FAILED, commands=1, cancels=1)
    notice = notice_of(tick)
    assert notice["subject"] == "Scheduled/OneByOne was not over in time and was cancelled"
    statuses = {one["name"]: one["status"] for one in notice["result"]["instances"]}
    assert statuses["web-1"] == "Success"
    assert statuses["web-3"] == "Cancelled"
