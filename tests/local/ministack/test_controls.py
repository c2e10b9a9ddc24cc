"""What a test can do to the local cloud, and what the local cloud counts."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from chatops_local.server import EmulatorError, Server
from tests.local.ministack.stacks import WRITE_LOGS, allow, deploy, function, invoke, machine, role, run, start
from tests.local.ministack.test_express import ended, express
from tests.local.ministack.test_systems_manager import until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from chatops_local.server import DeployedStack

SSM = "arn:aws:states:::aws-sdk:ssm:"


def send(server: Server, instance: str, **options: Any) -> str:
    sent = server.client("ssm").send_command(
        DocumentName="AWS-RunShellScript", InstanceIds=[instance], Parameters={"commands": ["true"]}, **options
    )
    command: str = sent["Command"]["CommandId"]
    return command


def over(server: Server, command: str, instance: str) -> str:
    """The StatusDetails on the instance, once the command is over."""
    ssm = server.client("ssm")
    until(lambda: ssm.list_commands(CommandId=command)["Commands"][0]["Status"] not in ("Pending", "InProgress"))
    details: str = ssm.get_command_invocation(CommandId=command, InstanceId=instance)["StatusDetails"]
    return details


def test_a_throttled_call_does_nothing(server: Server):
    instance = server.add_instance("throttled")
    server.throttle("SendCommand", 2)
    for _ in range(2):
        with pytest.raises(ClientError, match=r"ThrottlingException.*Rate exceeded"):
            send(server, instance)
    assert over(server, send(server, instance), instance) == "Success"
    sent = server.client("ssm").list_commands(InstanceId=instance)["Commands"]
    assert len(sent) == 1


def test_a_state_machine_retries_what_was_throttled(server: Server, tmp_path: Path):
    # https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
    errors = ["Ssm.ThrottlingException", "Ssm.SsmException"]
    states = {
        "List": {
            "Type": "Task",
            "Resource": f"{SSM}listCommands",
            "Retry": [{"ErrorEquals": errors, "MaxAttempts": 3}],
            "Output": "listed",
            "End": True,
        }
    }
    resources = {"Role": role("states", allow("ssm:ListCommands")), "Machine": machine("Role", states)}
    stack = deploy(server, tmp_path, "Throttled", resources)
    server.throttle("ListCommands", 3)
    described = run(server, stack.resource("Machine"))
    assert described["output"] == '"listed"'
    assert server.state_transitions(described["executionArn"]) == 1 + 3


def test_what_happens_to_instances(server: Server):
    gone = server.add_instance("gone")
    server.fail_delivery(gone)
    assert over(server, send(server, gone), gone) == "Undeliverable"
    server.restore_delivery(gone)
    assert over(server, send(server, gone), gone) == "Success"
    server.slow(gone, pickup=4, report=4)
    begun = time.monotonic()
    assert over(server, send(server, gone), gone) == "Success"
    assert time.monotonic() - begun >= 0.4
    server.slow(gone)
    server.script_takes(gone, 20, exit_code=7)
    assert over(server, send(server, gone), gone) == "Failed"
    server.scripts_run(gone)
    assert over(server, send(server, gone), gone) == "Success"


@pytest.mark.parametrize("end", ["kill_agent", "stop_instance"])
def test_what_a_lost_agent_ran_expires(server: Server, end: str):
    instance = server.add_instance(end.replace("_", "-"))
    server.script_takes(instance, 100_000)
    ssm = server.client("ssm")
    sent = ssm.send_command(
        DocumentName="AWS-RunShellScript",
        InstanceIds=[instance],
        TimeoutSeconds=30,
        Parameters={"commands": ["true"], "executionTimeout": ["5"]},
    )
    command = sent["Command"]["CommandId"]
    until(lambda: ssm.list_commands(CommandId=command)["Commands"][0]["Status"] == "InProgress")
    getattr(server, end)(instance)
    assert not next(one for one in server.instances() if one.instance_id == instance).online
    assert over(server, command, instance) == "DeliveryTimedOut"
    server.set_online(instance, online=True)
    server.scripts_run(instance)
    assert over(server, send(server, instance), instance) == "Success"


def test_what_cannot_be_is_refused(server: Server):
    instance = server.add_instance("refuses")
    with pytest.raises(EmulatorError, match="seconds -1"):
        server.script_takes(instance, -1)
    with pytest.raises(EmulatorError, match="copies 0"):
        server.command_events(copies=0)
    with pytest.raises(EmulatorError, match="times -1"):
        server.throttle("SendCommand", -1)


@pytest.fixture
def listener(server: Server, tmp_path: Path) -> Iterator[str]:
    """An Express machine that is started by every event of a command that succeeded."""
    pattern = {
        "source": ["aws.ssm"],
        "detail-type": ["EC2 Command Status-change Notification"],
        "detail": {"status": ["Success"]},
    }
    target = {"Id": "one", "Arn": {"Ref": "Listener"}, "RoleArn": {"Fn::GetAtt": ["Starter", "Arn"]}}
    resources = {
        "Idle": role("states"),
        "Listener": express("Idle", {"Pass": {"Type": "Pass", "End": True}}),
        "Starter": role("events", allow("states:StartExecution", {"Ref": "Listener"})),
        "Rule": {"Type": "AWS::Events::Rule", "Properties": {"EventPattern": pattern, "Targets": [target]}},
    }
    stack = deploy(server, tmp_path, f"Listens{time.monotonic_ns()}", resources)
    yield stack.resource("Listener")
    server.command_events()
    server.destroy(stack)


def test_events_come_late_and_twice_or_not_at_all(server: Server, listener: str):
    instance = server.add_instance("tells")
    server.command_events((20, 24), copies=2, seed=1)
    over(server, send(server, instance), instance)
    assert server.executions(listener) == []
    assert len(ended(server, listener, 2)) == 2
    server.command_events(lose=True)
    over(server, send(server, instance), instance)
    time.sleep(0.1)
    assert len(server.executions(listener)) == 2


# --- Lists of executions that lag


@pytest.fixture(scope="module")
def machines(server: Server, tmp_path_factory: pytest.TempPathFactory) -> DeployedStack:
    listing = {
        "List": {
            "Type": "Task",
            "Resource": "arn:aws:states:::aws-sdk:sfn:listExecutions",
            "Arguments": {
                "StateMachineArn": "{% $states.input %}",
                "StatusFilter": "RUNNING",
                "MaxResults": 2,
            },
            "Output": "{% {'running': $states.result.Executions.Name, 'more': $exists($states.result.NextToken)} %}",
            "End": True,
        }
    }
    resources = {
        "Idle": role("states"),
        "Waits": machine("Idle", {"Wait": {"Type": "Wait", "Seconds": 100_000, "End": True}}),
        "Lister": role("states", allow("states:ListExecutions", {"Ref": "Waits"})),
        "Lists": machine("Lister", listing),
    }
    return deploy(server, tmp_path_factory.mktemp("machines"), "Lists", resources)


def running(server: Server, stack: DeployedStack) -> Any:
    return json.loads(run(server, stack.resource("Lists"), stack.resource("Waits"))["output"])


def test_a_state_machine_lists_executions(server: Server, machines: DeployedStack):
    waits = machines.resource("Waits")
    executions = [start(server, waits, {}, name) for name in ("one", "two", "three")]
    assert running(server, machines) == {"running": ["three", "two"], "more": True}
    for execution in executions[1:]:
        server.client("stepfunctions").stop_execution(executionArn=execution)
    # JSONata makes a sequence of one value that value.
    assert running(server, machines) == {"running": "one", "more": False}
    server.client("stepfunctions").stop_execution(executionArn=executions[0])


def test_a_list_lags(server: Server, machines: DeployedStack):
    # https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListExecutions.html: eventually consistent
    waits, stepfunctions = machines.resource("Waits"), server.client("stepfunctions")

    def listed() -> list[str]:
        found = stepfunctions.list_executions(stateMachineArn=waits, statusFilter="RUNNING")["executions"]
        return [one["name"] for one in found]

    server.lag_execution_lists(10)
    try:
        execution = start(server, waits, {}, "lags")
        assert listed() == []
        until(lambda: listed() == ["lags"])
        stepfunctions.stop_execution(executionArn=execution)
        assert stepfunctions.describe_execution(executionArn=execution)["status"] == "ABORTED"
        assert listed() == ["lags"]
        until(lambda: listed() == [])
    finally:
        server.lag_execution_lists(0)


def test_a_list_lags_from_the_start(tmp_path: Path):
    resources = {"Idle": role("states"), "Machine": machine("Idle", {"Pass": {"Type": "Pass", "End": True}})}
    with Server.start(execution_list_lag=60) as server:
        state_machine = deploy(server, tmp_path, "Lags", resources).resource("Machine")
        run(server, state_machine)
        assert server.client("stepfunctions").list_executions(stateMachineArn=state_machine)["executions"] == []
        assert [one.status for one in server.executions(state_machine)] == ["SUCCEEDED"]


def test_a_role_may_list_only_what_it_may(server: Server, machines: DeployedStack):
    described = run(server, machines.resource("Lists"), machines.resource("Lists"))
    assert (described["status"], described["error"]) == ("FAILED", "Sfn.SfnException")
    assert "not authorized to perform: states:ListExecutions" in described["cause"]


# --- Usage


def test_usage_is_counted_as_it_is_billed(server: Server, tmp_path: Path):
    code = "import boto3, os\ndef handler(event, context):\n boto3.client('ssm', "
    code += "endpoint_url=os.environ['AWS_ENDPOINT_URL']).list_commands()\n return 1"
    states = {
        "Invoke": {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Arguments": {"FunctionName": "${Function}"},
            "Next": "Both",
        },
        "Both": {
            "Type": "Parallel",
            "Branches": [
                {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}},
                {"StartAt": "B", "States": {"B": {"Type": "Pass", "Next": "C"}, "C": {"Type": "Succeed"}}},
            ],
            "Next": "Done",
        },
        "Done": {"Type": "Succeed"},
    }
    counted = machine("Role", states)
    counted["Properties"]["DefinitionString"] = {"Fn::Sub": counted["Properties"]["DefinitionString"]}
    resources = {
        "FunctionRole": role("lambda", WRITE_LOGS, allow("ssm:ListCommands")),
        "Function": function(code, "FunctionRole"),
        "Role": role("states", allow("lambda:InvokeFunction", {"Fn::GetAtt": ["Function", "Arn"]})),
        "Machine": counted,
        "Express": express("Role", {"Pass": {"Type": "Pass", "End": True}}),
    }
    stack = deploy(server, tmp_path, "Usage", resources)
    before = server.usage()
    described = run(server, stack.resource("Machine"))
    assert described["status"] == "SUCCEEDED", described
    start(server, stack.resource("Express"))
    ended(server, stack.resource("Express"))
    used = server.usage() - before
    assert used.api_calls == {"lambda:Invoke": 1, "ssm:ListCommands": 1}
    assert used.function_invocations == {stack.resource("Function"): 1}
    assert used.state_transitions == {stack.resource("Machine"): 6}
    assert used.executions == {stack.resource("Machine"): 1}
    assert used.express_executions == {stack.resource("Express"): 1}
    assert server.state_transitions(described["executionArn"]) == 6
    invoke(server, stack.resource("Function"))
    assert (server.usage() - before).function_invocations == {stack.resource("Function"): 2}
