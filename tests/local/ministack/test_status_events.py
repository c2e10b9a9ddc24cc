"""Status changes of executions as events, and how rules hand them on.

https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from chatops_local.ministack.state_machines.status_events import MOST_PAYLOAD_BYTES, detail_of
from tests.local.ministack.stacks import allow, deploy, finish, machine, role, start
from tests.local.ministack.test_express import ended, express

if TYPE_CHECKING:
    from chatops_local.server import DeployedStack, Server

WAIT = {"Type": "Wait", "Seconds": 100_000, "End": True}
LISTENS = {"Type": "Pass", "Output": "{% $states.input %}", "End": True}


def target(machine_id: str, **fields: Any) -> dict[str, Any]:
    arn, role_arn = {"Ref": machine_id}, {"Fn::GetAtt": ["RuleRole", "Arn"]}
    return {"Id": machine_id, "Arn": arn, "RoleArn": role_arn, **fields}


@pytest.fixture(scope="module")
def stack(server: Server, tmp_path_factory: pytest.TempPathFactory) -> DeployedStack:
    machines: dict[str, dict[str, Any]] = {
        "Succeeds": {"Pass": {"Type": "Pass", "Output": {"done": True}, "End": True}},
        "Fails": {"Fail": {"Type": "Fail", "Error": "Broken", "Cause": "quite"}},
        "Waits": {"Wait": WAIT},
    }
    watched = [{"Ref": name} for name in (*machines, "TimesOut")]
    pattern = {"source": ["aws.states"], "detail": {"stateMachineArn": watched}}
    failed = {"source": ["aws.states"], "detail": {"stateMachineArn": watched, "status": ["FAILED"]}}
    transformer = {
        "InputPathsMap": {"name": "$.detail.name", "input": "$.detail.input", "status": "$.detail.status"},
        "InputTemplate": '{"who": <name>, "how": "it is <status>", "given": <input>}',
    }
    resources = {
        "Role": role("states"),
        **{name: machine("Role", states) for name, states in machines.items()},
        "TimesOut": machine("Role", {"Wait": WAIT}, TimeoutSeconds=1),
        "Listener": express("Role", {"Listen": LISTENS}),
        "ListenerOfDetail": express("Role", {"Listen": LISTENS}),
        "ListenerOfText": express("Role", {"Listen": LISTENS}),
        "RuleRole": role("events", allow("states:StartExecution")),
        "Rule": {"Type": "AWS::Events::Rule", "Properties": {"EventPattern": pattern, "Targets": [target("Listener")]}},
        "RuleOfFailures": {
            "Type": "AWS::Events::Rule",
            "Properties": {
                "EventPattern": failed,
                "Targets": [
                    target("ListenerOfDetail", InputPath="$.detail"),
                    target("ListenerOfText", InputTransformer=transformer),
                ],
            },
        },
    }
    return deploy(server, tmp_path_factory.mktemp("status"), "StatusEvents", resources)


def details(server: Server, stack: DeployedStack, execution: str, last: str) -> list[dict[str, Any]]:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        events = [json.loads(one.input) for one in reversed(server.executions(stack.resource("Listener")))]
        found = [event["detail"] for event in events if event["resources"] == [execution]]
        if found and found[-1]["status"] == last:
            return found
        time.sleep(0.02)
    raise AssertionError(f"no event of {last}")


def test_a_success(server: Server, stack: DeployedStack):
    execution = start(server, stack.resource("Succeeds"), {"a": 1}, "good")
    began, over = details(server, stack, execution, "SUCCEEDED")
    described = server.client("stepfunctions").describe_execution(executionArn=execution)
    common = {
        "executionArn": execution,
        "stateMachineArn": stack.resource("Succeeds"),
        "name": "good",
        "startDate": round(described["startDate"].timestamp() * 1000),
        "input": '{"a": 1}',
        "inputDetails": {"included": True},
    }
    assert common.items() <= began.items()
    assert (began["status"], began["stopDate"], began["output"], began["outputDetails"]) == (
        "RUNNING",
        None,
        None,
        None,
    )
    assert common.items() <= over.items()
    assert over["stopDate"] == round(described["stopDate"].timestamp() * 1000)
    assert (json.loads(over["output"]), over["outputDetails"]) == ({"done": True}, {"included": True})


@pytest.mark.parametrize(
    ("name", "status", "error"), [("Fails", "FAILED", "Broken"), ("TimesOut", "TIMED_OUT", "States.Timeout")]
)
def test_a_failure_has_its_error(server: Server, stack: DeployedStack, name: str, status: str, error: str):
    over = details(server, stack, start(server, stack.resource(name)), status)[-1]
    assert (over["error"], over["output"], over["outputDetails"]) == (error, None, None)


def test_an_abort_has_what_the_caller_said(server: Server, stack: DeployedStack):
    execution = start(server, stack.resource("Waits"))
    server.client("stepfunctions").stop_execution(executionArn=execution, error="Enough", cause="by hand")
    over = details(server, stack, execution, "ABORTED")[-1]
    assert (over["error"], over["cause"]) == ("Enough", "by hand")


def test_a_target_gets_a_part_or_a_text_of_the_event(server: Server, stack: DeployedStack):
    execution = start(server, stack.resource("Fails"), {"quote": '"'}, "transformed")
    finish(server, execution)
    details(server, stack, execution, "FAILED")

    def is_given(listener: str, expected: dict[str, str]) -> bool:
        # Each rule hands it on by itself, one after the other.
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            given = [json.loads(one.input) for one in ended(server, stack.resource(listener))]
            if any(expected.items() <= one.items() for one in given):
                return True
            time.sleep(0.02)
        return False

    assert is_given("ListenerOfDetail", {"executionArn": execution})
    told = {"who": "transformed", "how": "it is FAILED", "given": '{"quote": "\\""}'}
    assert is_given("ListenerOfText", told)


def test_what_does_not_fit_into_an_event_is_left_out():
    # "If the combined escaped input and escaped output sent to EventBridge exceeds 248 KB, then the input will be
    # excluded. Similarly, if the escaped output exceeds 248 KB, then the output will be excluded."
    record = {
        "executionArn": "e", "stateMachineArn": "m", "name": "n", "status": "SUCCEEDED",
        "startDate": "2026-01-01T00:00:00.000Z", "stopDate": "2026-01-01T00:00:01.500Z",
    }  # fmt: skip
    half, whole = "x" * (MOST_PAYLOAD_BYTES // 2), "x" * MOST_PAYLOAD_BYTES

    def included(given: str, output: str) -> tuple[bool, bool]:
        detail = detail_of({**record, "input": given, "output": output})
        assert detail["stopDate"] - detail["startDate"] == 1500
        assert [detail["input"] is not None, detail["output"] is not None] == [
            detail["inputDetails"]["included"],
            detail["outputDetails"]["included"],
        ]
        return detail["inputDetails"]["included"], detail["outputDetails"]["included"]

    assert included("{}", "{}") == (True, True)
    assert included(half, half) == (False, True)
    assert included("{}", whole) == (False, False)
