"""Executions that tasks start and follow, and Express ones that are waited for.

https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html
https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-sync
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.local.ministack.stacks import allow, arn, deploy, finish, machine, output_of, role, run, start
from tests.local.trust.behaviours import CHILDREN, TASK_ROLE

if TYPE_CHECKING:
    from chatops_local.server import DeployedStack, Server

FOLLOW = [
    allow(["states:DescribeExecution", "states:StopExecution"], arn("states", "execution:*")),
    allow(["events:PutTargets", "events:PutRule", "events:DescribeRule"], arn("events", "rule/StepFunctions*")),
]
"""https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html#sync-async-iam-policies"""

WORK: dict[str, Any] = {"Type": "Pass", "Assign": {"own": 2}, "Output": {"doubled": "{% $states.input.n * 2 %}"}}
TASK: dict[str, Any] = {"Type": "Task", "End": True}


def starting(resource: str, child: str, **fields: Any) -> dict[str, Any]:
    name = "{% $states.context.Execution.Name %}"
    arguments = {"StateMachineArn": f"${{{child}}}", "Name": name, "Input": {"n": "{% $states.input.n %}"}}
    return {**TASK, "Resource": f"arn:aws:states:::{resource}", "Arguments": arguments, **fields}


def in_branches(*states: dict[str, Any]) -> dict[str, Any]:
    branches = [{"StartAt": f"B{number}", "States": {f"B{number}": state}} for number, state in enumerate(states)]
    return {
        "Begin": {"Type": "Pass", "Assign": {"own": 1}, "Next": "Both"},
        "Both": {"Type": "Parallel", "Branches": branches, "End": True},
    }


@pytest.fixture(scope="module")
def stack(server: Server, tmp_path_factory: pytest.TempPathFactory) -> DeployedStack:
    fails = {"Type": "Fail", "Error": "Broken", "Cause": "quite"}
    express_arguments = {"StateMachineArn": "${Express}", "Input": "{% $string({'n': $states.input.n}) %}"}
    express = {**TASK, "Resource": "arn:aws:states:::aws-sdk:sfn:startSyncExecution", "Arguments": express_arguments}
    children = [{"Ref": child} for child in ("Doubles", "Fails", "Waits")]
    resources = {
        "Idle": role("states"),
        "Doubles": machine("Idle", {"Work": {**WORK, "End": True}}),
        "Fails": machine("Idle", {"Fail": fails}),
        "Waits": machine("Idle", {"Wait": {"Type": "Wait", "Seconds": 6000, "End": True}}),
        "Express": machine("Idle", {"Work": {**WORK, "End": True}}),
        "Parent": role("states", allow("states:StartExecution", children), *FOLLOW),
        "Caller": role("states", allow("states:StartSyncExecution", {"Ref": "Express"})),
        "Stranger": role("states", allow("states:StartSyncExecution", {"Ref": "Doubles"})),
        "Follows": machine("Parent", {"Start": starting("states:startExecution.sync:2", "Doubles")}),
        "FollowsText": machine("Parent", {"Start": starting("states:startExecution.sync", "Doubles")}),
        "FollowsInABranch": machine("Parent", in_branches(starting("states:startExecution.sync:2", "Doubles"))),
        "FollowsFailing": machine("Parent", {"Start": starting("states:startExecution.sync:2", "Fails")}),
        "FollowsWaiting": machine("Parent", {"Start": starting("states:startExecution.sync:2", "Waits")}),
        "GivesUp": machine("Parent", {"Start": starting("states:startExecution.sync:2", "Waits", TimeoutSeconds=20)}),
        "FailsBeside": machine("Parent", in_branches(starting("states:startExecution.sync:2", "Waits"), fails)),
        "Calls": machine("Caller", {"Start": express}),
        "CallsStandard": machine(
            "Stranger", {"Start": {**express, "Arguments": {**express_arguments, "StateMachineArn": "${Doubles}"}}}
        ),
        "CallsDenied": machine("Stranger", {"Start": express}),
    }
    resources["Express"]["Properties"]["StateMachineType"] = "EXPRESS"
    for resource in resources.values():
        text = resource["Properties"].get("DefinitionString")
        if text:
            resource["Properties"]["DefinitionString"] = {"Fn::Sub": text}
    return deploy(server, tmp_path_factory.mktemp("children"), "Children", resources)


def child_of(stack: DeployedStack, child: str, parent: str) -> str:
    """The child has the parent's name."""
    return f"{stack.resource(child).replace(':stateMachine:', ':execution:')}:{parent.rpartition(':')[2]}"


def status_of(server: Server, execution: str) -> str:
    """As soon as it is there."""
    machine_arn = execution.replace(":execution:", ":stateMachine:").rpartition(":")[0]
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        for found in server.executions(machine_arn):
            if found.arn == execution:
                return found.status
        time.sleep(0.02)
    raise AssertionError(f"{execution} is not started")


@CHILDREN.allow()
def test_the_end_of_a_child_is_waited_for(server: Server, stack: DeployedStack):
    described = run(server, stack.resource("Follows"), {"n": 4}, "four")
    told = output_of(described)
    assert (told["Output"], told["Input"], told["Status"]) == ({"doubled": 8}, {"n": 4}, "SUCCEEDED")
    assert (told["Name"], told["StateMachineArn"]) == ("four", stack.resource("Doubles"))
    assert told["ExecutionArn"] == child_of(stack, "Doubles", described["executionArn"])
    events = [event["type"] for event in server.execution_history(described["executionArn"])]
    assert events[2:6] == ["TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskSucceeded"]


def test_the_other_pattern_gives_texts(server: Server, stack: DeployedStack):
    told = output_of(run(server, stack.resource("FollowsText"), {"n": 5}))
    assert (json.loads(told["Output"]), json.loads(told["Input"])) == ({"doubled": 10}, {"n": 5})


def test_a_child_of_a_branch_has_its_own_variables(server: Server, stack: DeployedStack):
    (told,) = output_of(run(server, stack.resource("FollowsInABranch"), {"n": 3}))
    assert told["Output"] == {"doubled": 6}


def test_a_name_that_was_used_is_refused(server: Server, stack: DeployedStack):
    assert run(server, stack.resource("Follows"), {"n": 1}, "once")["status"] == "SUCCEEDED"
    described = run(server, stack.resource("FollowsText"), {"n": 1}, "once")
    assert described["error"] == "StepFunctions.ExecutionAlreadyExistsException"


@CHILDREN.deny()
def test_a_child_that_fails_fails_the_task(server: Server, stack: DeployedStack):
    described = run(server, stack.resource("FollowsFailing"), {"n": 1})
    assert (described["status"], described["error"]) == ("FAILED", "States.TaskFailed")
    cause = json.loads(described["cause"])
    assert (cause["Status"], cause["Error"], cause["Cause"]) == ("FAILED", "Broken", "quite")
    assert "Output" not in cause


@CHILDREN.allow()
def test_who_is_stopped_stops_what_it_follows(server: Server, stack: DeployedStack):
    parent = start(server, stack.resource("FollowsWaiting"), {"n": 1})
    child = child_of(stack, "Waits", parent)
    assert status_of(server, child) == "RUNNING"
    server.client("stepfunctions").stop_execution(executionArn=parent)
    assert finish(server, child)["status"] == "ABORTED"


def test_the_failure_of_another_branch_stops_the_child(server: Server, stack: DeployedStack):
    parent = finish(server, start(server, stack.resource("FailsBeside"), {"n": 1}))
    assert parent["error"] == "Broken"
    child = child_of(stack, "Waits", parent["executionArn"])
    started = [execution.arn for execution in server.executions(stack.resource("Waits"))]
    assert child not in started or finish(server, child)["status"] == "ABORTED"


@CHILDREN.deny()
def test_a_child_outlives_the_time_limit_of_its_task(server: Server, stack: DeployedStack):
    """It is not among the reasons for which AWS aborts it."""
    parent = finish(server, start(server, stack.resource("GivesUp"), {"n": 1}))
    assert (parent["status"], parent["error"]) == ("FAILED", "States.Timeout")
    child = child_of(stack, "Waits", parent["executionArn"])
    assert status_of(server, child) == "RUNNING"
    server.client("stepfunctions").stop_execution(executionArn=child)


@TASK_ROLE.allow("states:StartSyncExecution")
def test_an_express_execution_is_waited_for(server: Server, stack: DeployedStack):
    told = output_of(run(server, stack.resource("Calls"), {"n": 21}))
    assert (told["Status"], json.loads(told["Output"])) == ("SUCCEEDED", {"doubled": 42})
    assert ":express:" in told["ExecutionArn"]


def test_an_express_execution_that_fails_is_an_answer(server: Server, stack: DeployedStack):
    told = output_of(run(server, stack.resource("Calls"), {}))
    assert (told["Status"], told["Error"]) == ("FAILED", "States.QueryEvaluationError")
    assert "Output" not in told


@TASK_ROLE.deny("states:StartSyncExecution")
def test_who_may_call_another_machine_is_denied(server: Server, stack: DeployedStack):
    described = run(server, stack.resource("CallsDenied"), {"n": 1})
    assert (described["status"], described["error"]) == ("FAILED", "Sfn.SfnException")
    assert "states:StartSyncExecution" in described["cause"]


def test_only_express_machines_are_called(server: Server, stack: DeployedStack):
    described = run(server, stack.resource("CallsStandard"), {"n": 1})
    assert described["error"] == "Sfn.StateMachineTypeNotSupportedException"
