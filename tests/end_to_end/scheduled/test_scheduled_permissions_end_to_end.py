"""Without any one permission of its roles exactly that is told of a run, where it is seen."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.end_to_end.scheduled.effects import (
    Effects,
    notice_of,
    notices_of,
    run_of,
    scheduled_at,
    was_signalled,
)
from tests.end_to_end.scheduled.needed import (
    BEFORE_THE_RUN,
    IN_THE_RUN,
    SCHEDULE_BURIES,
    SCHEDULE_STARTS,
    TASKS,
    TICK_BURIES,
    TICK_STARTS,
    TO_BRING_ENDINGS,
    TO_BRING_SIGNALS,
    TO_CANCEL,
    TO_RELEASE,
    TO_SIGNAL,
    TO_TELL,
)
from tests.end_to_end.scheduled.restricted import INSTANCE, STACK, Restricted
from tests.end_to_end.scheduled.waiting import until

if TYPE_CHECKING:
    from tests.end_to_end.lacking import Lack

SUCCEEDED, FAILED = ("restricted-succeeded", "succeeded"), "restricted-failed"


@pytest.mark.parametrize("task", TASKS)
def test_with_all_of_them_it_runs(restricted: Restricted, task: str):
    restricted.deploy()
    tick = restricted.tick(task)
    expected = Effects("SUCCEEDED", ran={INSTANCE[task]: 1}, told=[SUCCEEDED], commands=1)
    assert restricted.effects(tick) == expected
    assert tick.refusals == []


@pytest.mark.parametrize(("permission", "ran"), IN_THE_RUN.items(), ids=str)
def test_the_run_fails_for_exactly_that(restricted: Restricted, permission: Lack, ran: int):
    task = "Keyed" if permission.policy.startswith("Keyed") else "Plain"
    # Only of a failure the output is asked for.
    restricted.instances.exit_with(1, INSTANCE[task])
    restricted.deploy(permission)
    tick = restricted.tick(task)
    run = restricted.effects(tick)
    assert (run.ended, run.told, run.commands) == ("FAILED ChatOps.RunError", [(FAILED, "error")], ran)
    until(lambda: len(restricted.instances.runs(f"{STACK}/{task}", scheduled_at(tick))) == ran)
    assert_denied(notice_of(tick), permission)


def assert_denied(notice: dict[str, Any], permission: Lack) -> None:
    """The notice says which permission is missing."""
    assert notice["error"] in {"Ssm.AccessDeniedException", "Sfn.SfnException", "DynamoDb.DynamoDbException"}
    assert f"is not authorized to perform: {permission.action} " in notice["cause"]
    assert permission.action in notice["text"]


def test_what_cannot_be_cancelled(restricted: Restricted):
    restricted.cloud.server.fail_delivery(restricted.instances.id("by-id-1"), never_picked_up=True)
    restricted.deploy(TO_CANCEL)
    tick = restricted.tick("Keyed")
    run = restricted.effects(tick)
    assert (run.ended, run.ran, run.told) == ("FAILED ChatOps.RunError", {}, [(FAILED, "error")])
    assert_denied(notice_of(tick), TO_CANCEL)


@pytest.mark.parametrize("permission", BEFORE_THE_RUN, ids=str)
def test_a_run_that_does_not_get_that_far(restricted: Restricted, permission: Lack):
    restricted.deploy(permission)
    tick = restricted.tick(permission.policy.partition("MachineRole")[0])
    run = restricted.effects(tick)
    assert (run.ended, run.ran, run.commands, run.told) == ("FAILED ChatOps.RunError", {}, 0, [(FAILED, "error")])
    assert_denied(notice_of(tick), permission)


def test_a_lock_that_cannot_be_released(restricted: Restricted):
    restricted.deploy(TO_RELEASE)
    tick = restricted.tick("Keyed")
    assert restricted.effects(tick) == Effects("SUCCEEDED", ran={"by-id-1": 1}, told=[SUCCEEDED], commands=1)
    history = restricted.cloud.server.execution_history(run_of(tick).arn)
    causes = [event["taskFailedEventDetails"]["cause"] for event in history if event["type"] == "TaskFailed"]
    assert causes
    assert all("is not authorized to perform: dynamodb:DeleteItem " in cause for cause in causes)
    # Until it is void, the next one believes that this one is under way.
    assert restricted.effects(restricted.tick("Keyed")).ended == "FAILED ChatOps.RunSkipped"


@pytest.mark.parametrize("permission", TO_TELL, ids=str)
def test_a_topic_that_it_may_not_publish_to(restricted: Restricted, permission: Lack):
    task = permission.policy.partition("MachineRole")[0]
    if permission.resource == "<Failed>":
        restricted.instances.exit_with(1, INSTANCE[task])
    restricted.deploy(permission)
    tick = restricted.tick(task)
    expected = Effects("FAILED ChatOps.NotTold", ran={INSTANCE[task]: 1}, commands=1)
    assert restricted.effects(tick) == expected
    assert "is not authorized to perform: sns:Publish " in run_of(tick).cause


@pytest.mark.parametrize("task", SCHEDULE_STARTS)
def test_a_schedule_that_may_not_start(restricted: Restricted, task: str):
    restricted.deploy(SCHEDULE_STARTS[task])
    tick = restricted.tick(task)
    (delivery,) = tick.deliveries
    assert (delivery.error, delivery.dead_letter) == ("AccessDeniedException", "sent")
    assert "is not authorized to perform: states:StartExecution " in delivery.message
    (letter,) = restricted.letters(task)
    assert letter.attributes["ERROR_CODE"] == "AccessDeniedException"
    assert letter.attributes["SCHEDULED_TIME"] == scheduled_at(tick)
    assert tick.executions == []
    assert_told_as_not_started(restricted, task)


@pytest.mark.parametrize("task", TICK_STARTS)
def test_a_tick_that_may_not_start(restricted: Restricted, task: str):
    restricted.deploy(TICK_STARTS[task])
    tick = restricted.tick(task)
    (ended,) = tick.wait()
    assert (ended.express, ended.status, ended.error) == (True, "FAILED", "ChatOps.NotStarted")
    (letter,) = restricted.letters(task)
    told = json.loads(letter.body)
    assert told["not_started"]["scheduled_at"] == scheduled_at(tick)
    assert "is not authorized to perform: states:StartExecution " in told["error"]["Cause"]
    assert_told_as_not_started(restricted, task)


def assert_told_as_not_started(restricted: Restricted, task: str) -> None:
    """The alarm on the dead-letter queue has `on_failure` told, once."""
    before = len(restricted.told(task, "alarm"))
    restricted.cloud.server.evaluate_alarms()
    notice = until(lambda: restricted.told(task, "alarm")[before:])[0]
    assert f"{STACK}/{task} could not be started at a scheduled time" in notice["text"]


@pytest.mark.parametrize(("task", "permission"), SCHEDULE_BURIES, ids=str)
def test_a_schedule_that_may_neither_start_nor_say_so(restricted: Restricted, task: str, permission: Lack):
    restricted.deploy(SCHEDULE_STARTS[task], permission)
    (delivery,) = restricted.tick(task).deliveries
    assert f"is not authorized to perform: {permission.action} " in delivery.dead_letter
    assert restricted.letters(task) == []


@pytest.mark.parametrize(("task", "permission"), TICK_BURIES, ids=str)
def test_a_tick_that_may_neither_start_nor_say_so(restricted: Restricted, task: str, permission: Lack):
    restricted.deploy(TICK_STARTS[task], permission)
    (ended,) = restricted.tick(task).wait()
    assert ended.status == "FAILED"
    assert f"is not authorized to perform: {permission.action} " in ended.cause
    assert restricted.letters(task) == []


def test_without_the_signal_looks_end_the_run(restricted: Restricted):
    resumer = restricted.physical_id("CompletionSignalResumer")
    before = len(restricted.cloud.server.executions(resumer))
    restricted.deploy(TO_SIGNAL)
    tick = restricted.tick("Plain")
    assert restricted.effects(tick) == Effects("SUCCEEDED", ran={"web-1": 1}, told=[SUCCEEDED], commands=1)
    assert not was_signalled(restricted.cloud, run_of(tick).arn)
    (refused,) = until(
        lambda: [
            one for one in restricted.cloud.server.executions(resumer)[: -before or None] if one.status != "RUNNING"
        ]
    )
    assert refused.status == "FAILED"
    assert "is not authorized to perform: states:SendTaskSuccess " in refused.cause


def test_a_rule_that_may_not_bring_signals(restricted: Restricted):
    restricted.deploy(TO_BRING_SIGNALS)
    tick = restricted.tick("Plain")
    assert restricted.effects(tick) == Effects("SUCCEEDED", ran={"web-1": 1}, told=[SUCCEEDED], commands=1)
    assert not was_signalled(restricted.cloud, run_of(tick).arn)
    refusal = until(lambda: tick.refusals)[0]
    assert (refusal.service, refusal.target) == (
        "events.amazonaws.com",
        restricted.physical_id("CompletionSignalResumer"),
    )
    assert "is not authorized to perform: states:StartExecution " in refusal.reason


@pytest.mark.parametrize("task", TO_BRING_ENDINGS)
def test_a_rule_that_may_not_bring_endings(restricted: Restricted, task: str):
    restricted.deploy(TO_BRING_ENDINGS[task])
    restricted.instances.hold(INSTANCE[task])
    tick = restricted.tick(task)
    restricted.instances.wait_for_runs(f"{STACK}/{task}", scheduled_at(tick), 1)
    restricted.cloud.server.client("stepfunctions").stop_execution(executionArn=run_of(tick).arn)
    refusal = until(lambda: tick.refusals)[0]
    assert (refusal.service, refusal.target) == ("events.amazonaws.com", restricted.physical_id(f"{task}Machine"))
    assert "is not authorized to perform: states:StartExecution " in refusal.reason
    assert notices_of(tick) == []
