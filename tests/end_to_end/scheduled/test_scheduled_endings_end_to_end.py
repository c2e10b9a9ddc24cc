"""What is told when a run does not come to its own end, does not begin, or cannot tell."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tests.end_to_end.scheduled.effects import (
    FAILED,
    RUN_FAILED,
    SUCCEEDED,
    Effects,
    effects,
    notice_of,
    notices_of,
    run_name,
    run_of,
    scheduled_at,
)
from tests.end_to_end.scheduled.waiting import until

if TYPE_CHECKING:
    from chatops_local.cloud import LocalCloud, Tick
    from chatops_local.server.observations import Execution
    from tests.end_to_end.scheduled.instances import Instances

ALL_OF_WEB = {"web-1": 1, "web-2": 1, "web-3": 1}


def told(cloud: LocalCloud, task: str, outcome: str) -> list[dict[str, Any]]:
    """The notices of a task with one outcome, to the topic of failures."""
    topic = f"arn:aws:sns:{cloud.server.region}:{cloud.server.account}:failed"
    notices = [json.loads(publication.text("sqs")) for publication in cloud.server.published(topic)]
    return [notice for notice in notices if (notice["task"], notice["outcome"]) == (task, outcome)]


def abort(cloud: LocalCloud, instances: Instances, task: str) -> Tick:
    """Stop a run while its script runs, and wait until that is told."""
    instances.hold("web-1")
    tick = cloud.tick(task)
    instances.wait_for_runs(f"Scheduled/{task}", scheduled_at(tick), 3)
    cloud.server.client("stepfunctions").stop_execution(executionArn=run_of(tick).arn)
    until(lambda: [one for one in told(cloud, f"Scheduled/{task}", "ended") if one["id"] == run_name(tick)])
    instances.let_go("web-1")
    return tick


def about_endings(cloud: LocalCloud, machine: str) -> list[Execution]:
    """The executions of a machine that a rule has started."""
    return [one for one in cloud.server.executions(machine) if not one.name.startswith("at-")]


def test_an_aborted_run_is_told_once(cloud: LocalCloud, instances: Instances):
    tick = abort(cloud, instances, "Allowed")
    machine = run_of(tick).state_machine_arn
    # Events are published one after the other. When another run's ending is told, this one's telling has ended and has
    # led to whatever it leads to: nothing.
    abort(cloud, instances, "All")
    assert effects(cloud, instances, tick) == Effects("ABORTED", ran=ALL_OF_WEB, told=[("failed", "ended")], commands=1)
    notice = notice_of(tick)
    assert notice["subject"] == "Scheduled/Allowed ended without a verdict: ABORTED"
    assert notice["execution"] == run_of(tick).arn
    (telling,) = about_endings(cloud, machine)
    assert (telling.status, telling.error) == ("FAILED", "ChatOps.RunEnded")
    assert json.loads(telling.input)["source"] == "aws.states"


def test_what_was_told_is_not_told_again(cloud: LocalCloud, instances: Instances):
    instances.exit_with(1, "web-1")
    tick = cloud.tick("AtLeastThreeOnline")
    assert effects(cloud, instances, tick).ended == RUN_FAILED
    instances.restore()
    abort(cloud, instances, "All")
    assert about_endings(cloud, run_of(tick).state_machine_arn) == []
    assert [outcome["outcome"] for _, outcome in notices_of(tick)] == ["failed"]


def test_a_schedule_that_starts_at_the_third_attempt(cloud: LocalCloud, instances: Instances):
    cloud.server.scheduler.fail_targets(2)
    tick = cloud.tick("All")
    (delivery,) = tick.deliveries
    assert (delivery.attempts, delivery.dead_letter) == (3, "")
    assert effects(cloud, instances, tick) == Effects("SUCCEEDED", ran=ALL_OF_WEB, told=SUCCEEDED, commands=1)


def test_one_of_two_topics_cannot_be_told_of_a_failure(cloud: LocalCloud, instances: Instances):
    instances.exit_with(1, "web-1")
    tick = cloud.tick("HalfTold")
    expected = Effects("FAILED ChatOps.NotTold", ran=ALL_OF_WEB, told=FAILED, commands=1)
    assert effects(cloud, instances, tick) == expected
    assert "Scheduled/HalfTold failed on 1 of 3 instances. This could not be told: " in run_of(tick).cause
    assert "Topic does not exist" in run_of(tick).cause


def test_one_of_two_topics_cannot_be_told_of_a_success(cloud: LocalCloud, instances: Instances):
    tick = cloud.tick("HalfTold")
    expected = Effects("FAILED ChatOps.NotTold", ran=ALL_OF_WEB, told=SUCCEEDED, commands=1)
    assert effects(cloud, instances, tick) == expected


def test_no_success_for_too_long(cloud: LocalCloud, instances: Instances):
    # As after the first deployment: there was no success yet.
    cloud.server.evaluate_alarms()
    (alarm,) = until(lambda: told(cloud, "Scheduled/Missed", "alarm"))
    assert "Scheduled/Missed has not succeeded for 2 hours" in alarm["text"]
    assert alarm["execution"] == ""
    assert effects(cloud, instances, cloud.tick("Missed")).ended == "SUCCEEDED"
    states = cloud.server.evaluate_alarms()
    assert {state for name, state in states.items() if "MissedNoSuccess" in name} == {"OK"}
    cloud.server.evaluate_alarms(later=timedelta(hours=3))
    until(lambda: len(told(cloud, "Scheduled/Missed", "alarm")) == 2)


def test_slack_is_told(cloud: LocalCloud, instances: Instances):
    instances.exit_with(4, "web-3")
    tick = cloud.tick("ToSlack")
    assert effects(cloud, instances, tick).ended == RUN_FAILED
    message = cloud.slack.wait_for(lambda message: "Scheduled/ToSlack" in message.text, 30)
    assert message.channel == "C0NIGHTLY"
    assert "web-3" in message.text
    assert "failed on 1 of 3 instances" in message.text
