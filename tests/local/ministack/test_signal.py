"""Systems Manager's event returns the task token that the command carried: rule, Express machine, SendTaskSuccess.

https://docs.aws.amazon.com/systems-manager/latest/userguide/monitoring-systems-manager-event-examples.html
https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-wait-token
"""

from __future__ import annotations

import copy
import itertools
import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.local.ministack.stacks import allow, arn, deploy, document, finish, machine, output_of, role, start
from tests.local.ministack.test_express import ended, express
from tests.local.trust.behaviours import COMMAND_EVENTS, RULE_ROLE, TASK_TOKEN

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from chatops_local.server import DeployedStack, Server

_numbers = itertools.count(1)

PATTERN = {
    "source": ["aws.ssm"],
    "detail-type": ["EC2 Command Status-change Notification"],
    "detail": {"document-name": [{"prefix": "Ops_"}], "status": ["Success", "Failed", "TimedOut", "Cancelled"]},
}
SEND = {
    "Type": "Task",
    "Resource": "arn:aws:states:::aws-sdk:ssm:sendCommand.waitForTaskToken",
    "Arguments": {
        "DocumentName": "Ops_Signal",
        "Targets": [{"Key": "tag:Role", "Values": ["signalled"]}],
        "Parameters": {"TaskToken": ["{% $states.context.Task.Token %}"]},
        "Comment": "{% $states.context.Execution.Name %}",
    },
    "TimeoutSeconds": 600,
    "Retry": [{"ErrorEquals": ["Ssm.ThrottlingException", "Ssm.SsmException"], "MaxAttempts": 3}],
    "End": True,
}
RESUME = {
    "Type": "Task",
    "Resource": "arn:aws:states:::aws-sdk:sfn:sendTaskSuccess",
    "Arguments": {
        "TaskToken": "{% $states.input.detail.parameters.TaskToken[0] %}",
        "Output": "{% $string({'kind': 'signal', 'status': $states.input.detail.status}) %}",
    },
    "Output": "resumed",
    "Catch": [
        {
            "ErrorEquals": [
                "Sfn.TaskTimedOutException",
                "Sfn.TaskDoesNotExistException",
                "Sfn.InvalidTokenException",
            ],
            "Output": "{% $states.errorOutput.Error %}",
            "Next": "End",
        }
    ],
    "Next": "End",
}


def resources(may_resume: str = "Ops_*") -> dict[str, Any]:
    signal = document("true", Name="Ops_Signal")
    signal["Properties"]["Content"] = copy.deepcopy(signal["Properties"]["Content"])
    # No step refers to it: it only travels with the command and its events.
    signal["Properties"]["Content"]["parameters"] = {
        "TaskToken": {"type": "String", "default": "", "allowedPattern": "^[A-Za-z0-9+/=_.:-]*$"}
    }
    target = {"Id": "machine", "Arn": {"Ref": "Resumer"}, "RoleArn": {"Fn::GetAtt": ["RuleRole", "Arn"]}}
    waits = machine("Sender", {"Send": SEND})
    waits["Properties"]["StateMachineName"] = "Ops_Waits"
    return {
        "Document": signal,
        "Sender": role("states", allow("ssm:SendCommand")),
        "Waits": waits,
        "Returner": role("states", allow("states:SendTaskSuccess", arn("states", f"stateMachine:{may_resume}"))),
        "Resumer": express("Returner", {"Resume": RESUME, "End": {"Type": "Succeed"}}),
        "RuleRole": role("events", allow("states:StartExecution", {"Ref": "Resumer"})),
        "Rule": {"Type": "AWS::Events::Rule", "Properties": {"EventPattern": PATTERN, "Targets": [target]}},
    }


@pytest.fixture
def deployed(server: Server, tmp_path: Path) -> Any:
    """Deploys the chain, and deletes it: every rule sees the events of every test."""
    stacks: list[DeployedStack] = []

    def make(given: dict[str, Any] | None = None) -> DeployedStack:
        stacks.append(deploy(server, tmp_path, f"Signal{next(_numbers)}", given or resources()))
        return stacks[-1]

    yield make
    server.command_events()
    for stack in stacks:
        server.destroy(stack)


def until(condition: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + 10
    while not (found := condition()):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return found


def sent_token(server: Server, execution: str) -> str | None:
    """The token that an execution has sent, once it has."""
    comment = execution.rpartition(":")[2]
    commands = server.client("ssm").list_commands()["Commands"]
    return next((one["Parameters"]["TaskToken"][0] for one in commands if one["Comment"] == comment), None)


@COMMAND_EVENTS.allow()
@TASK_TOKEN.allow()
@RULE_ROLE.allow()
def test_the_event_of_a_command_returns_its_token(server: Server, deployed: Any):
    stack = deployed()
    server.add_instance("signalled", {"Role": "signalled"})
    execution = start(server, stack.resource("Waits"))
    assert output_of(finish(server, execution)) == {"kind": "signal", "status": "Success"}
    (resumer,) = ended(server, stack.resource("Resumer"))
    token = json.loads(resumer.input)["detail"]["parameters"]["TaskToken"][0]
    assert len(token) == 2048
    assert {"+", "/", "="} <= set(token)
    (command,) = server.client("ssm").list_commands(Filters=[{"key": "DocumentName", "value": "Ops_Signal"}])[
        "Commands"
    ]
    assert command["Parameters"] == {"TaskToken": [token]}


def test_a_throttled_send_is_sent_again_and_its_token_is_the_one_that_counts(server: Server, deployed: Any):
    stack = deployed()
    server.throttle("SendCommand", 2)
    server.add_instance("signalled-again", {"Role": "signalled"})
    execution = start(server, stack.resource("Waits"))
    assert output_of(finish(server, execution)) == {"kind": "signal", "status": "Success"}
    assert server.state_transitions(execution) == 1 + 2


@COMMAND_EVENTS.allow()
def test_doubled_events_resume_once(server: Server, deployed: Any):
    stack = deployed()
    server.command_events((0, 2), copies=2)
    server.add_instance("signalled-twice", {"Role": "signalled"})
    execution = start(server, stack.resource("Waits"))
    assert output_of(finish(server, execution)) == {"kind": "signal", "status": "Success"}
    outputs = [json.loads(one.output) for one in ended(server, stack.resource("Resumer"), 2)]
    assert sorted(outputs) == ["Sfn.TaskTimedOutException", "resumed"]


@pytest.mark.parametrize(
    ("token", "expected"),
    [("no token", "Sfn.InvalidTokenException"), (None, "Sfn.TaskTimedOutException")],
)
def test_a_token_that_nobody_waits_for_has_an_error_with_a_name(
    server: Server, deployed: Any, token: str | None, expected: str
):
    stack = deployed(resources(may_resume="*"))
    if token is None:
        server.command_events(lose=True)
        execution = start(server, stack.resource("Waits"))
        token = until(lambda: sent_token(server, execution))
        server.client("stepfunctions").stop_execution(executionArn=execution)
    event = {"detail": {"status": "Success", "parameters": {"TaskToken": [token]}}}
    by_hand = start(server, stack.resource("Resumer"), event)

    def output() -> str:
        return next(one.output for one in server.executions(stack.resource("Resumer")) if one.arn == by_hand)

    assert json.loads(until(output)) == expected


@TASK_TOKEN.deny()
def test_the_resumer_may_resume_only_the_machines_of_its_policy(server: Server, deployed: Any):
    stack = deployed(resources(may_resume="Others_*"))
    server.add_instance("signalled-too", {"Role": "signalled"})
    execution = start(server, stack.resource("Waits"))
    resumer = ended(server, stack.resource("Resumer"))[0]
    assert (resumer.status, resumer.error) == ("FAILED", "Sfn.SfnException")
    assert "not authorized to perform: states:SendTaskSuccess on resource" in resumer.cause
    assert stack.resource("Waits") in resumer.cause
    server.client("stepfunctions").stop_execution(executionArn=execution)


@RULE_ROLE.deny()
def test_a_rule_without_the_right_to_start_starts_nothing(server: Server, deployed: Any):
    given = resources()
    given["RuleRole"] = role("events")
    stack = deployed(given)
    server.add_instance("signalled-as-well", {"Role": "signalled"})
    execution = start(server, stack.resource("Waits"))
    until(lambda: any(refusal.target == stack.resource("Resumer") for refusal in server.refusals()))
    assert server.executions(stack.resource("Resumer")) == []
    server.client("stepfunctions").stop_execution(executionArn=execution)
