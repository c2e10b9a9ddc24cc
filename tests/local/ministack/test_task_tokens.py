"""Waiting for a token: its length, whose it is, time limits, and functions that fail.

https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-wait-token
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from tests.local.ministack.callers import ANYBODY_HERE, Caller
from tests.local.ministack.stacks import WRITE_LOGS, allow, deploy, finish, function, machine, output_of, role, start
from tests.local.trust.behaviours import TASK_TOKEN, TIME_LIMIT, TOKEN_LENGTH

if TYPE_CHECKING:
    from chatops_local.server import DeployedStack, Server

WAITING = "arn:aws:states:::{}.waitForTaskToken"
TOKEN = "{% $states.context.Task.Token %}"


def waiting(name: str, arguments: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"Type": "Task", "Resource": WAITING.format(name), "Arguments": arguments, "End": True, **fields}


def in_queue(**fields: Any) -> dict[str, Any]:
    return waiting("sqs:sendMessage", {"QueueUrl": "${Queue}", "MessageBody": {"token": TOKEN}}, **fields)


def invoking(**fields: Any) -> dict[str, Any]:
    return waiting("lambda:invoke", {"FunctionName": "${Failing}", "Payload": {"token": TOKEN}}, **fields)


@pytest.fixture(scope="module")
def stack(server: Server, tmp_path_factory: pytest.TempPathFactory) -> DeployedStack:
    caught = [{"ErrorEquals": ["States.Timeout"], "Output": "too late", "Next": "End"}]
    end = {"Type": "Succeed"}
    resources = {
        "Queue": {"Type": "AWS::SQS::Queue", "Properties": {}},
        "FunctionRole": role("lambda", WRITE_LOGS),
        "Failing": function("def handler(event, context): raise LookupError('no')", "FunctionRole"),
        "Role": role(
            "states",
            allow("sqs:SendMessage", {"Fn::GetAtt": ["Queue", "Arn"]}),
            allow("lambda:InvokeFunction", {"Fn::GetAtt": ["Failing", "Arn"]}),
        ),
        "Asks": machine("Role", {"Ask": in_queue()}),
        "AsksToo": machine("Role", {"Ask": in_queue()}),
        # 20 seconds are one second at a scale of 0.05.
        "AsksInTime": machine("Role", {"Ask": in_queue(TimeoutSeconds=20, Catch=caught), "End": end}),
        "AsksWithTime": machine("Role", {"Ask": in_queue(TimeoutSeconds=600, Catch=caught), "End": end}),
        "AsksForATimeOfItsInput": machine(
            "Role", {"Ask": in_queue(TimeoutSeconds="{% $states.input.seconds %}", Catch=caught), "End": end}
        ),
        "AsksAFailingFunction": machine("Role", {"Ask": invoking()}),
        "Endless": machine("Role", {"Wait": {"Type": "Wait", "Seconds": 100, "End": True}}, TimeoutSeconds=10),
        "Redeemer": role(ANYBODY_HERE, allow(["states:SendTaskSuccess", "states:SendTaskFailure"], {"Ref": "Asks"})),
    }
    for resource in resources.values():
        text = resource["Properties"].get("DefinitionString")
        if text:
            resource["Properties"]["DefinitionString"] = {"Fn::Sub": text}
    return deploy(server, tmp_path_factory.mktemp("tokens"), "Tokens", resources)


def next_token(server: Server, stack: DeployedStack) -> str:
    sqs = server.client("sqs")
    queue = stack.resource("Queue")
    message = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=5)["Messages"][0]
    sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
    token: str = json.loads(message["Body"])["token"]
    return token


@TASK_TOKEN.allow()
@TOKEN_LENGTH.allow()
def test_a_token_is_as_long_as_it_may_be_and_its_redeemer_ends_the_wait(server: Server, stack: DeployedStack):
    execution = start(server, stack.resource("Asks"))
    token = next_token(server, stack)
    assert len(token) == 2048
    redeemer = Caller(server, stack.resource("Redeemer")).client("stepfunctions")
    redeemer.send_task_success(taskToken=token, output=json.dumps({"approved": True}))
    assert output_of(finish(server, execution)) == {"approved": True}


@TOKEN_LENGTH.deny()
def test_a_token_that_is_changed_or_too_long_ends_no_wait(server: Server, stack: DeployedStack):
    execution = start(server, stack.resource("Asks"))
    token = next_token(server, stack)
    stepfunctions = server.client("stepfunctions")
    for wrong in (token[:-1], token + "A", token.swapcase(), "A" * 2048):
        with pytest.raises(ClientError, match=r"InvalidToken|ValidationException"):
            stepfunctions.send_task_success(taskToken=wrong, output="{}")
    assert stepfunctions.describe_execution(executionArn=execution)["status"] == "RUNNING"
    stepfunctions.stop_execution(executionArn=execution)


@TIME_LIMIT.allow()
def test_who_answers_in_time_ends_the_wait(server: Server, stack: DeployedStack):
    execution = start(server, stack.resource("AsksWithTime"))
    server.client("stepfunctions").send_task_success(taskToken=next_token(server, stack), output='"yes"')
    described = finish(server, execution)
    assert described["status"] == "SUCCEEDED"
    assert "too late" not in described["output"]


@TASK_TOKEN.deny()
def test_a_redeemer_of_another_machine_is_denied(server: Server, stack: DeployedStack):
    execution = start(server, stack.resource("AsksToo"))
    token = next_token(server, stack)
    redeemer = Caller(server, stack.resource("Redeemer")).client("stepfunctions")
    for redeem in (redeemer.send_task_success, redeemer.send_task_failure):
        with pytest.raises(ClientError, match="AccessDenied") as refused:
            redeem(taskToken=token, **({"output": "{}"} if redeem == redeemer.send_task_success else {}))
        assert "states:SendTask" in str(refused.value)
    server.client("stepfunctions").send_task_failure(taskToken=token, error="Refused", cause="no")
    described = finish(server, execution)
    assert (described["error"], described["cause"]) == ("Refused", "no")


@TIME_LIMIT.deny()
@pytest.mark.parametrize(("name", "given"), [("AsksInTime", {}), ("AsksForATimeOfItsInput", {"seconds": 20})])
def test_the_time_limit_of_a_wait_is_scaled(server: Server, stack: DeployedStack, name: str, given: dict[str, Any]):
    begun = time.monotonic()
    execution = start(server, stack.resource(name), given)
    next_token(server, stack)
    assert output_of(finish(server, execution)) == "too late"
    assert 0.9 < time.monotonic() - begun < 10


def test_a_function_that_fails_fails_the_task(server: Server, stack: DeployedStack):
    described = finish(server, start(server, stack.resource("AsksAFailingFunction")))
    assert (described["status"], described["error"]) == ("FAILED", "LookupError")


@TIME_LIMIT.deny()
def test_an_execution_times_out_and_stays_so(server: Server, stack: DeployedStack):
    described = finish(server, start(server, stack.resource("Endless")))
    assert (described["status"], described["error"]) == ("TIMED_OUT", "States.Timeout")
    history = server.execution_history(described["executionArn"])
    assert history[-1]["type"] == "ExecutionTimedOut"
