"""The event at a command's end wakes the run, may get lost, and reaches nobody else."""

from __future__ import annotations

import json
import string
from typing import TYPE_CHECKING, Any

import pytest

from tests.end_to_end.scheduled.effects import (
    RUN_FAILED,
    SUCCEEDED,
    Effects,
    calls,
    commands_of,
    effects,
    run_of,
    scheduled_at,
    was_signalled,
)
from tests.end_to_end.scheduled.waiting import until

if TYPE_CHECKING:
    from chatops_local.cloud import LocalCloud, Tick
    from chatops_local.server.observations import Execution
    from tests.end_to_end.scheduled.instances import Instances

ALL_OF_WEB = {"web-1": 1, "web-2": 1, "web-3": 1}
RAN = Effects("SUCCEEDED", ran=ALL_OF_WEB, told=SUCCEEDED, commands=1)


def resumed(cloud: LocalCloud) -> list[Execution]:
    """What has returned tokens, or has tried to, the earliest first."""
    machines = cloud.server.client("stepfunctions").list_state_machines()["stateMachines"]
    (arn,) = [one["stateMachineArn"] for one in machines if one["name"].startswith("Scheduled_CompletionSignal_")]
    return cloud.server.executions(arn)[::-1]


def new_ones(cloud: LocalCloud, before: int, count: int) -> list[Execution]:
    """Wait for so many more of them to be over."""

    def over() -> list[Execution]:
        found = resumed(cloud)[before:]
        return found if len(found) >= count and all(one.status != "RUNNING" for one in found) else []

    return until(over)


def begin(cloud: LocalCloud, instances: Instances, task: str = "Expected") -> Tick:
    """A run whose script does not end before `let_go`, and that was looked at for the only time before the hour."""
    instances.hold("web-1")
    tick = cloud.tick(task)
    instances.wait_for_runs(tick.schedule.path, scheduled_at(tick), 3)
    until(lambda: calls(cloud, run_of(tick).arn, "listCommands") == 1)
    return tick


def token_of(cloud: LocalCloud, tick: Tick) -> str:
    """The task token that a run has sent along."""
    (command,) = commands_of(cloud, tick)
    (token,) = command["Parameters"]["TaskToken"]
    assert isinstance(token, str)
    return token


def send(cloud: LocalCloud, token: str) -> None:
    """Send a document of the stack's by hand, with a task token of somebody's."""
    ssm = cloud.server.client("ssm")
    names = [one["Name"] for one in ssm.list_documents()["DocumentIdentifiers"]]
    (document,) = [name for name in names if name.startswith("Scheduled_All_Document_")]
    ssm.send_command(DocumentName=document, InstanceIds=[cloud.instances["one-1"]], Parameters={"TaskToken": [token]})


def test_the_signal_ends_the_wait(cloud: LocalCloud, instances: Instances):
    tick = begin(cloud, instances)
    instances.let_go("web-1")
    assert effects(cloud, instances, tick) == RAN
    arn = run_of(tick).arn
    assert was_signalled(cloud, arn)
    # After the early look no other but the one that the signal leads to: nothing else lies between the end and the
    # verdict.
    assert calls(cloud, arn, "listCommands") == 2


def test_a_failure_is_signalled_too(cloud: LocalCloud, instances: Instances):
    instances.exit_with(1, "web-1")
    tick = begin(cloud, instances)
    instances.let_go("web-1")
    assert effects(cloud, instances, tick).ended == RUN_FAILED
    assert was_signalled(cloud, run_of(tick).arn)


def test_a_command_that_somebody_repeats_decides_nothing(cloud: LocalCloud, instances: Instances):
    """Repeated in the console it has the same parameters, the token among them, and the same comment."""
    instances.exit_with(1, "web-1")
    tick = begin(cloud, instances)
    before = len(resumed(cloud))
    (command,) = commands_of(cloud, tick)
    cloud.server.client("ssm").send_command(
        DocumentName=command["DocumentName"],
        InstanceIds=[cloud.instances["one-1"]],
        Parameters=command["Parameters"],
        Comment=command["Comment"],
    )
    (signal,) = new_ones(cloud, before, 1)
    assert signal.status == "SUCCEEDED"
    instances.let_go("web-1")
    tick.wait()
    assert run_of(tick).status == "FAILED", "as its own script did"


def test_a_token_of_all_characters_of_base64(cloud: LocalCloud, instances: Instances):
    tick = begin(cloud, instances)
    token = token_of(cloud, tick)
    assert set(token) == {*string.ascii_letters, *string.digits, *"+/="}
    assert token.endswith("=")
    instances.let_go("web-1")
    assert effects(cloud, instances, tick) == RAN
    assert was_signalled(cloud, run_of(tick).arn)


@pytest.mark.parametrize("task", ["All", "AnyOne"])
def test_events_get_lost(cloud: LocalCloud, instances: Instances, task: str):
    cloud.server.command_events(lose=True)
    before = len(resumed(cloud))
    tick = cloud.tick(task)
    ran = ALL_OF_WEB if task == "All" else {"web-1": 1}
    assert effects(cloud, instances, tick) == Effects("SUCCEEDED", ran=ran, told=SUCCEEDED, commands=1)
    assert not was_signalled(cloud, run_of(tick).arn)
    assert len(resumed(cloud)) == before


def test_events_come_twice(cloud: LocalCloud, instances: Instances):
    cloud.server.command_events(copies=2)
    before = len(resumed(cloud))
    assert effects(cloud, instances, cloud.tick("All")) == RAN
    assert [one.status for one in new_ones(cloud, before, 2)] == ["SUCCEEDED", "SUCCEEDED"]


def test_events_come_late(cloud: LocalCloud, instances: Instances):
    # By then the looks have ended the run, and nobody waits.
    cloud.server.command_events(delay=100)
    before = len(resumed(cloud))
    assert effects(cloud, instances, cloud.tick("All")) == RAN
    (late,) = new_ones(cloud, before, 1)
    assert late.status == "SUCCEEDED"


def test_without_a_signal_nothing_is_signalled(cloud: LocalCloud, instances: Instances):
    before = len(resumed(cloud))
    tick = cloud.tick("WithoutSignal")
    assert effects(cloud, instances, tick) == RAN
    (command,) = commands_of(cloud, tick)
    assert "TaskToken" not in command["Parameters"]
    # Its event comes before that of the next command.
    after = begin(cloud, instances)
    instances.let_go("web-1")
    effects(cloud, instances, after)
    assert len(new_ones(cloud, before, 1)) == 1


def test_a_signal_leads_to_a_look_and_to_nothing_else(cloud: LocalCloud, instances: Instances):
    tick = begin(cloud, instances)
    (command,) = commands_of(cloud, tick)
    output = json.dumps({"kind": "signal", "command_id": command["CommandId"]})
    cloud.server.client("stepfunctions").send_task_success(taskToken=token_of(cloud, tick), output=output)
    arn = run_of(tick).arn
    until(lambda: calls(cloud, arn, "listCommands") > 3)
    assert run_of(tick).status == "RUNNING"
    instances.let_go("web-1")
    assert effects(cloud, instances, tick) == RAN


def test_a_run_of_another_stack_is_out_of_reach(cloud: LocalCloud, instances: Instances):
    tick = begin(cloud, instances, "Other")
    before = len(resumed(cloud))
    send(cloud, token_of(cloud, tick))
    (refused,) = new_ones(cloud, before, 1)
    assert_denied(refused)
    arn = run_of(tick).arn
    assert not was_signalled(cloud, arn)
    assert run_of(tick).status == "RUNNING"
    instances.let_go("web-1")
    tick.wait()
    # Its own stack's signal gets through.
    assert was_signalled(cloud, arn)


def test_what_waits_for_something_else_is_out_of_reach(cloud: LocalCloud):
    machines = cloud.server.client("stepfunctions")
    (arn,) = [
        one["stateMachineArn"] for one in machines.list_state_machines()["stateMachines"] if "Approval" in one["name"]
    ]
    execution = machines.start_execution(stateMachineArn=arn)["executionArn"]
    question = until(lambda: questions(cloud))
    before = len(resumed(cloud))
    send(cloud, question["token"])
    (refused,) = new_ones(cloud, before, 1)
    assert_denied(refused)
    assert machines.describe_execution(executionArn=execution)["status"] == "RUNNING"
    machines.stop_execution(executionArn=execution)


def questions(cloud: LocalCloud) -> dict[str, Any]:
    """What the machine that waits for an answer has asked."""
    urls = cloud.server.client("sqs").list_queues(QueueNamePrefix="Scheduled-Questions")["QueueUrls"]
    messages = [message for url in urls for message in cloud.server.messages(url)]
    return json.loads(messages[0].body) if messages else {}


def assert_denied(execution: Execution) -> None:
    """It was refused what it wanted, by its name."""
    assert execution.status == "FAILED"
    assert "states:SendTaskSuccess" in execution.cause
    assert "not authorized" in execution.cause


def test_a_slash_command_uses_the_same_signal(cloud: LocalCloud, instances: Instances):
    instances.hold("web-1")
    instances.say("as asked", "web-1")
    sent = cloud.slack.send("/now")
    (execution,) = until(lambda: cloud.executions_of(sent))
    until(lambda: calls(cloud, execution.arn, "listCommands") == 1)
    instances.let_go("web-1")
    (message,) = sent.wait(60)
    assert "as asked" in message.shown
    assert cloud.problems_of(sent) == []
    assert was_signalled(cloud, execution.arn)
    assert calls(cloud, execution.arn, "listCommands") == 2
