"""Functions that crash or are throttled, for those who invoke them and for tasks of state machines."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

from tests.local.ministack.stacks import WRITE_LOGS, allow, deploy, function, invoke, machine, role, run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from chatops_local.server import DeployedStack, Server

# A stack of the same name would have the logs of the one before.
NUMBERS = itertools.count(1)
CODE = """
calls = 0

def handler(event, context):
    global calls
    calls += 1
    print(f"call {calls}")
    return calls
"""


@pytest.fixture
def stack(server: Server, tmp_path: Path) -> Iterator[DeployedStack]:
    task = {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": True}
    resources = {
        "Role": role("lambda", WRITE_LOGS),
        "Function": function(CODE, "Role"),
        "Caller": role("states", allow("lambda:InvokeFunction", {"Fn::GetAtt": ["Function", "Arn"]})),
        "Machine": machine("Caller", {"Invoke": {**task, "Arguments": {"FunctionName": "${Function}"}}}),
    }
    properties = resources["Machine"]["Properties"]
    properties["DefinitionString"] = {"Fn::Sub": properties["DefinitionString"]}
    stack = deploy(server, tmp_path, f"FunctionFaults{next(NUMBERS)}", resources)
    yield stack
    server.destroy(stack)


@pytest.fixture
def name(stack: DeployedStack) -> str:
    return stack.resource("Function")


def printed(server: Server, name: str) -> list[str]:
    return [line.message for line in server.function_logs() if name in line.group and "call " in line.message]


def test_a_crash_at_the_beginning(server: Server, name: str):
    assert invoke(server, name)["payload"] == 1
    server.functions.crash(name, times=2)
    for _ in range(2):
        answer = invoke(server, name)
        assert answer["error"] == "Unhandled"
        assert answer["payload"]["errorType"] == "Runtime.ExitError"
        assert "signal: killed" in answer["payload"]["errorMessage"]
    # In a new environment: nothing is left of the one that was killed.
    assert invoke(server, name)["payload"] == 1
    assert printed(server, name) == ["call 1", "call 1"]


def test_a_crash_at_the_end(server: Server, name: str):
    server.functions.lose_answer(name)
    assert invoke(server, name)["payload"]["errorType"] == "Runtime.ExitError"
    assert printed(server, name) == ["call 1"]
    assert invoke(server, name)["payload"] == 1


def test_a_crash_is_an_error_of_the_task(server: Server, stack: DeployedStack, name: str):
    server.functions.crash(name)
    described = run(server, stack.resource("Machine"))
    assert (described["status"], described["error"]) == ("FAILED", "Runtime.ExitError")


def test_without_concurrency_it_is_throttled(server: Server, stack: DeployedStack, name: str):
    client = server.client("lambda")
    client.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
    with pytest.raises(ClientError, match="TooManyRequestsException"):
        client.invoke(FunctionName=name)
    described = run(server, stack.resource("Machine"))
    assert (described["status"], described["error"]) == ("FAILED", "Lambda.TooManyRequestsException")
    client.delete_function_concurrency(FunctionName=name)
    assert run(server, stack.resource("Machine"))["status"] == "SUCCEEDED"


def test_throttled_for_a_while(server: Server, stack: DeployedStack, name: str):
    server.functions.throttle(name, times=2)
    with pytest.raises(ClientError, match="TooManyRequestsException"):
        server.client("lambda").invoke(FunctionName=name)
    assert run(server, stack.resource("Machine"))["error"] == "Lambda.TooManyRequestsException"
    assert run(server, stack.resource("Machine"))["status"] == "SUCCEEDED"
    assert printed(server, name) == ["call 1"]


def metric(server: Server, name: str, metric_name: str) -> float:
    """Its sum, of all that is kept."""
    now = datetime.now(timezone.utc)
    found = server.client("cloudwatch").get_metric_statistics(
        Namespace="AWS/Lambda",
        MetricName=metric_name,
        Dimensions=[{"Name": "FunctionName", "Value": name}],
        StartTime=now - timedelta(hours=1),
        EndTime=now + timedelta(hours=1),
        Period=86_400,
        Statistics=["Sum"],
    )
    return sum(float(point["Sum"]) for point in found["Datapoints"])


def test_metrics_of_whoever_invokes(server: Server, stack: DeployedStack, name: str):
    invoke(server, name)
    run(server, stack.resource("Machine"))
    server.functions.crash(name)
    run(server, stack.resource("Machine"))
    server.functions.throttle(name)
    run(server, stack.resource("Machine"))
    server.client("lambda").put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
    run(server, stack.resource("Machine"))
    with pytest.raises(ClientError):
        server.client("lambda").invoke(FunctionName=name)
    counted = {each: metric(server, name, each) for each in ("Invocations", "Errors", "Throttles")}
    # What is throttled counts neither as an invocation nor as an error.
    assert counted == {"Invocations": 3, "Errors": 1, "Throttles": 3}
