"""Express executions: asynchronous, of any name, and visible to nobody but the local cloud.

https://docs.aws.amazon.com/step-functions/latest/dg/choosing-workflow-type.html
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from chatops_local.server import Server
from tests.local.ministack.stacks import allow, arn, deploy, machine, role, start

if TYPE_CHECKING:
    from pathlib import Path

    from chatops_local.server import DeployedStack, Execution


def express(role_id: str, states: dict[str, Any], **fields: Any) -> dict[str, Any]:
    made = machine(role_id, states, **fields)
    made["Properties"]["StateMachineType"] = "EXPRESS"
    return made


@pytest.fixture(scope="module")
def stack(server: Server, tmp_path_factory: pytest.TempPathFactory) -> DeployedStack:
    work = machine("Nothing", {"Work": {"Type": "Wait", "Seconds": "{% $states.input.seconds %}", "End": True}})
    work["Properties"]["StateMachineName"] = "express-work"
    start_work = {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:sfn:startExecution",
        "Arguments": {
            "StateMachineArn": arn("states", "stateMachine:express-work"),
            "Name": "{% $states.input.name %}",
            "Input": "{% $string({'seconds': $states.input.seconds}) %}",
        },
        "Catch": [{"ErrorEquals": ["Sfn.ExecutionAlreadyExistsException"], "Output": "exists", "Next": "End"}],
        "Output": "started",
        "Next": "End",
    }
    resources = {
        "Nothing": role("states"),
        "Starter": role("states", allow("states:StartExecution", arn("states", "stateMachine:express-*"))),
        "Work": work,
        "Start": express("Starter", {"Start": start_work, "End": {"Type": "Succeed"}}),
        "Fails": express("Nothing", {"Fail": {"Type": "Fail", "Error": "Broken", "Cause": "quite"}}),
        "Sleeps": express("Nothing", {"Wait": {"Type": "Wait", "Seconds": 10, "End": True}}),
    }
    return deploy(server, tmp_path_factory.mktemp("express"), "Express", resources)


def ended(server: Server, state_machine: str, how_many: int = 1) -> list[Execution]:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        found = server.executions(state_machine)
        if len(found) >= how_many and all(one.status != "RUNNING" for one in found):
            return found
        time.sleep(0.02)
    raise AssertionError(f"{state_machine} does not end")


def test_a_name_may_be_used_again_while_it_runs(server: Server, stack: DeployedStack):
    started = {start(server, stack.resource("Sleeps"), {}, "again") for _ in range(2)}
    assert len(started) == 2
    prefix = f"{arn('states', 'express:')}{stack.resource('Sleeps').rpartition(':')[2]}:again:"
    assert all(one.startswith(prefix) for one in started)
    assert {one.arn for one in ended(server, stack.resource("Sleeps"), 2)} == started


def test_it_starts_another_execution_once(server: Server, stack: DeployedStack):
    start_it, work = stack.resource("Start"), stack.resource("Work")
    for seconds, expected in ((10, '"started"'), (10, '"started"'), (11, '"exists"')):
        start(server, start_it, {"name": "one", "seconds": seconds})
        assert ended(server, start_it)[0].output == expected
    ended(server, work)
    start(server, start_it, {"name": "one", "seconds": 10})
    assert ended(server, start_it)[0].output == '"exists"', "closed, with the same input"
    assert [one.name for one in server.executions(work)] == ["one"]


def test_what_aws_does_not_show_of_it_can_be_observed(server: Server, stack: DeployedStack):
    execution = start(server, stack.resource("Fails"), {"a": 1})
    (observed,) = ended(server, stack.resource("Fails"))
    assert (observed.arn, observed.status, observed.error, observed.cause) == (execution, "FAILED", "Broken", "quite")
    assert [event["type"] for event in server.execution_history(execution)][-1] == "ExecutionFailed"
    assert f"{execution} is FAILED: Broken: quite" in server.emulator_log()


def test_the_api_of_standard_executions_refuses_it(server: Server, stack: DeployedStack):
    stepfunctions = server.client("stepfunctions")
    execution = start(server, stack.resource("Fails"))
    for call in (
        stepfunctions.describe_execution,
        stepfunctions.get_execution_history,
        stepfunctions.stop_execution,
    ):
        with pytest.raises(stepfunctions.exceptions.InvalidArn):
            call(executionArn=execution)
    with pytest.raises(stepfunctions.exceptions.StateMachineTypeNotSupported):
        stepfunctions.list_executions(stateMachineArn=stack.resource("Fails"))


def test_it_has_five_minutes(tmp_path: Path):
    # https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html: 300 seconds, here the two for its work.
    long = express("Nothing", {"Wait": {"Type": "Wait", "Seconds": 100_000, "End": True}})
    with Server.start(time_scale=0.001) as server:
        stack = deploy(server, tmp_path, "Long", {"Nothing": role("states"), "Long": long})
        start(server, stack.resource("Long"))
        assert ended(server, stack.resource("Long"))[0].status == "TIMED_OUT"
