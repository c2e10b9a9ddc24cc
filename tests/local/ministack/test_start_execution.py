"""https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html"""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

from tests.local.ministack.stacks import allow, arn, deploy, finish, machine, output_of, role, run, start
from tests.local.trust.behaviours import SAME_NAME

if TYPE_CHECKING:
    from chatops_local.server import DeployedStack, Server


@pytest.fixture(scope="module")
def stack(server: Server, tmp_path_factory: pytest.TempPathFactory) -> DeployedStack:
    again = {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:sfn:startExecution",
        "Arguments": {"StateMachineArn": arn("states", "stateMachine:slow"), "Name": "{% $states.input.name %}"},
        "Catch": [{"ErrorEquals": ["Sfn.ExecutionAlreadyExistsException"], "Output": "twice", "Next": "End"}],
        "Next": "End",
    }
    slow = machine("Role", {"Wait": {"Type": "Wait", "Seconds": 10, "End": True}})
    slow["Properties"]["StateMachineName"] = "slow"
    resources = {
        "Role": role("states"),
        "Starter": role("states", allow("states:StartExecution", arn("states", "stateMachine:slow"))),
        "Slow": slow,
        "Again": machine("Starter", {"Start": again, "End": {"Type": "Succeed"}}),
    }
    return deploy(server, tmp_path_factory.mktemp("start"), "Start", resources)


@pytest.fixture(scope="module")
def slow(stack: DeployedStack) -> str:
    return stack.resource("Slow")


@SAME_NAME.allow()
def test_the_same_name_and_input_while_running_is_the_same_execution(server: Server, slow: str):
    first = start(server, slow, {"a": 1}, "same")
    assert start(server, slow, {"a": 1}, "same") == first
    finish(server, first)


@SAME_NAME.deny()
def test_another_input_is_refused(server: Server, slow: str):
    first = start(server, slow, {"a": 1}, "other-input")
    with pytest.raises(ClientError, match="ExecutionAlreadyExists"):
        start(server, slow, {"a": 2}, "other-input")
    finish(server, first)


@SAME_NAME.deny()
def test_a_name_of_a_closed_execution_is_refused(server: Server, slow: str):
    run(server, slow, {"a": 1}, "closed")
    with pytest.raises(ClientError, match="ExecutionAlreadyExists"):
        start(server, slow, {"a": 1}, "closed")


@SAME_NAME.allow()
def test_twenty_starts_at_once_are_one_execution(server: Server, slow: str):
    with ThreadPoolExecutor(8) as threads:
        started = set(threads.map(lambda _: start(server, slow, {"a": 1}, "twenty"), range(20)))
    assert len(started) == 1
    assert [execution.name for execution in server.executions(slow)].count("twenty") == 1


def test_a_task_sees_the_same_outcomes(server: Server, stack: DeployedStack):
    first = run(server, stack.resource("Again"), {"name": "by-task"})
    assert "ExecutionArn" in output_of(first)
    run(server, stack.resource("Slow"), {"a": 1}, "taken")
    assert output_of(run(server, stack.resource("Again"), {"name": "taken"})) == "twice"


@pytest.mark.parametrize("name", ["a b", "a:b", "a/b", "a,b", "a;b", "a&b", "a$b", "a{b", "a*b", "x" * 81, "a\x07b"])
def test_a_name_that_aws_forbids_is_refused(server: Server, slow: str, name: str):
    with pytest.raises(ClientError, match="InvalidName"):
        start(server, slow, {}, name)


@pytest.mark.parametrize("name", ["x" * 80, "a-b_c.d", "a'b(c)+=@!", "名前"])
def test_a_name_that_aws_allows_is_taken(server: Server, slow: str, name: str):
    assert start(server, slow, {}, name).endswith(f":{name}")


def test_an_input_must_be_json_and_not_too_long(server: Server, slow: str):
    stepfunctions = server.client("stepfunctions")
    with pytest.raises(ClientError, match="InvalidExecutionInput"):
        stepfunctions.start_execution(stateMachineArn=slow, input="{")
    with pytest.raises(ClientError, match="ValidationException"):
        stepfunctions.start_execution(stateMachineArn=slow, input=json.dumps("x" * 262_144))
