"""GetExecutionHistory as who answers a waiting task reads it: which call waits, with which token, and how it ended.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_GetExecutionHistory.html
"""

from __future__ import annotations

import json
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from tests.local.ministack.stacks import REGION, WRITE_LOGS, allow, deploy, finish, function, machine, output_of, role
from tests.local.ministack.stacks import start as started
from tests.local.trust.behaviours import CLOSED_TOKEN, HISTORY, TIME_LIMIT

if TYPE_CHECKING:
    from chatops_local.server import DeployedStack, Server

INVOKE = "arn:aws:states:::lambda:invoke"
ANSWERS = "def handler(event, context): return {'seen': event['question']}"


def asking(**fields: Any) -> dict[str, Any]:
    payload = {"token": "{% $states.context.Task.Token %}", "nonce": "{% $nonce %}", "question": "{% $question %}"}
    task = {"Type": "Task", "Resource": f"{INVOKE}.waitForTaskToken", "End": True}
    return {**task, "Arguments": {"FunctionName": "${Asks}", "Payload": payload}, **fields}


def within_a_branch(state: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """As an admission is: one branch, which reads what was assigned outside."""
    assign = {"question": "{% $states.input.question %}", "nonce": "{% $uuid() %}"}
    branch = {"StartAt": "Wait", "States": {"Wait": state, "TooLate": {"Type": "Pass", "End": True}}}
    return {
        "Begin": {"Type": "Pass", "Assign": assign, "Next": "Admission"},
        "Admission": {"Type": "Parallel", "Branches": [branch], "End": True, **fields},
    }


@pytest.fixture(scope="module")
def stack(server: Server, tmp_path_factory: pytest.TempPathFactory) -> DeployedStack:
    late = [{"ErrorEquals": ["States.Timeout"], "Output": "{% $states.errorOutput %}", "Next": "TooLate"}]
    wrong = [{"ErrorEquals": ["States.QueryEvaluationError"], "Output": "refused", "Next": "TooLate"}]
    output = {"answer": "{% $states.result[0] %}", "nonce": "{% $nonce %}"}
    resources = {
        "FunctionRole": role("lambda", WRITE_LOGS),
        "Asks": function(ANSWERS, "FunctionRole"),
        "Role": role("states", allow("lambda:InvokeFunction", {"Fn::GetAtt": ["Asks", "Arn"]})),
        "Waits": machine("Role", within_a_branch(asking(TimeoutSeconds="{% 600 %}"), Output=output)),
        "IsLate": machine("Role", within_a_branch(asking(TimeoutSeconds="{% 10 + 5 %}", Catch=late))),
        "HasNoTimeLeft": machine("Role", within_a_branch(asking(TimeoutSeconds="{% 0 %}", Catch=wrong))),
        "HasHalfASecond": machine("Role", within_a_branch(asking(TimeoutSeconds="{% 0.5 %}"))),
    }
    for resource in resources.values():
        text = resource["Properties"].get("DefinitionString")
        if text:
            resource["Properties"]["DefinitionString"] = {"Fn::Sub": text}
    return deploy(server, tmp_path_factory.mktemp("histories"), "Histories", resources)


def history(server: Server, execution: str, **options: Any) -> list[dict[str, Any]]:
    pages = server.client("stepfunctions").get_paginator("get_execution_history")
    return [event for page in pages.paginate(executionArn=execution, **options) for event in page["events"]]


def waiting(server: Server, stack: DeployedStack, name: str = "Waits") -> tuple[str, list[dict[str, Any]]]:
    """An execution that waits for its answer, and its history until then."""
    execution = started(server, stack.resource(name), {"question": "restart?"})
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        events = history(server, execution)
        if events[-1]["type"] == "TaskSubmitted":
            return execution, events
        time.sleep(0.02)
    raise AssertionError(f"{execution} does not ask")


def scheduled(events: list[dict[str, Any]]) -> dict[str, Any]:
    details: dict[str, Any] = next(
        event["taskScheduledEventDetails"] for event in reversed(events) if event["type"] == "TaskScheduled"
    )
    return details


@HISTORY.allow()
def test_the_task_that_waits_tells_its_arguments_and_its_token(server: Server, stack: DeployedStack):
    execution, events = waiting(server, stack)
    task = scheduled(events)
    parameters = json.loads(task.pop("parameters"))
    assert task == {
        "resourceType": "lambda",
        "resource": "invoke.waitForTaskToken",
        "region": REGION,
        "timeoutInSeconds": 600,
    }
    payload = parameters["Payload"]
    assert (payload["question"], len(payload["token"])) == ("restart?", 2048)
    submitted = events[-1]["taskSubmittedEventDetails"]
    assert json.loads(submitted["output"])["Payload"] == {"seen": "restart?"}

    answer = {"kind": "approval", "by": "U1"}
    server.client("stepfunctions").send_task_success(taskToken=payload["token"], output=json.dumps(answer))
    assert output_of(finish(server, execution)) == {"answer": answer, "nonce": payload["nonce"]}
    ended = next(event for event in history(server, execution) if event["type"] == "TaskSucceeded")
    assert json.loads(ended["taskSucceededEventDetails"]["output"]) == answer


def test_every_event_names_the_one_that_it_follows(server: Server, stack: DeployedStack):
    execution, events = waiting(server, stack)
    server.client("stepfunctions").stop_execution(executionArn=execution)
    assert [(event["id"], event["previousEventId"], event["type"]) for event in events] == [
        (1, 0, "ExecutionStarted"),
        (2, 0, "PassStateEntered"),
        (3, 2, "PassStateExited"),
        (4, 3, "ParallelStateEntered"),
        (5, 4, "TaskStateEntered"),
        (6, 5, "TaskScheduled"),
        (7, 6, "TaskStarted"),
        (8, 7, "TaskSubmitted"),
    ]
    entered = [event["stateEnteredEventDetails"]["name"] for event in events if event["type"].endswith("Entered")]
    assert entered == ["Begin", "Admission", "Wait"]


def test_a_history_is_read_backwards_and_page_by_page(server: Server, stack: DeployedStack):
    execution, events = waiting(server, stack)
    server.client("stepfunctions").stop_execution(executionArn=execution)
    latest = server.client("stepfunctions").get_execution_history(
        executionArn=execution, reverseOrder=True, maxResults=2
    )
    assert [event["type"] for event in latest["events"]] == ["ExecutionAborted", "TaskSubmitted"]
    assert latest["nextToken"]
    backwards = history(server, execution, reverseOrder=True, PaginationConfig={"PageSize": 3})
    assert [event["id"] for event in backwards] == list(range(len(events) + 1, 0, -1))


@HISTORY.deny()
def test_without_execution_data_there_is_no_token(server: Server, stack: DeployedStack):
    execution, _ = waiting(server, stack)
    events = history(server, execution, includeExecutionData=False)
    server.client("stepfunctions").stop_execution(executionArn=execution)
    assert "parameters" not in scheduled(events)
    assert "restart?" not in json.dumps(events, default=str)


@TIME_LIMIT.allow()
def test_a_task_that_was_not_answered_in_time_has_timed_out(server: Server, stack: DeployedStack):
    execution, events = waiting(server, stack, "IsLate")
    assert scheduled(events)["timeoutInSeconds"] == 15
    assert output_of(finish(server, execution)) == [{"Error": "States.Timeout", "Cause": ""}]
    ended = next(event for event in history(server, execution) if event["type"] == "TaskTimedOut")
    assert ended["taskTimedOutEventDetails"] == {
        "resourceType": "lambda",
        "resource": "invoke.waitForTaskToken",
        "error": "States.Timeout",
    }
    with pytest.raises(ClientError, match="TaskTimedOut"):
        server.client("stepfunctions").send_task_success(
            taskToken=json.loads(scheduled(events)["parameters"])["Payload"]["token"], output="{}"
        )


@TIME_LIMIT.deny()
def test_a_time_limit_that_is_none_is_an_error_of_its_expression(server: Server, stack: DeployedStack):
    """Who reckons with a deadline that has passed must not get an endless wait for it."""
    caught = finish(server, started(server, stack.resource("HasNoTimeLeft"), {"question": "?"}))
    assert output_of(caught) == ["refused"]
    failed = finish(server, started(server, stack.resource("HasHalfASecond"), {"question": "?"}))
    assert (failed["status"], failed["error"]) == ("FAILED", "States.QueryEvaluationError")
    assert "0.5" in failed["cause"]


@CLOSED_TOKEN.allow()
def test_a_token_is_taken_once(server: Server, stack: DeployedStack):
    execution, events = waiting(server, stack)
    token = json.loads(scheduled(events)["parameters"])["Payload"]["token"]
    stepfunctions = server.client("stepfunctions")
    stepfunctions.send_task_success(taskToken=token, output='"first"')
    with pytest.raises(ClientError, match="TaskTimedOut"):
        stepfunctions.send_task_success(taskToken=token, output='"second"')
    assert output_of(finish(server, execution))["answer"] == "first"


@CLOSED_TOKEN.deny()
def test_a_token_of_an_execution_that_was_stopped_is_closed(server: Server, stack: DeployedStack):
    execution, events = waiting(server, stack)
    stepfunctions = server.client("stepfunctions")
    stepfunctions.stop_execution(executionArn=execution, error="ChatOps.Cancelled", cause="U1")
    with pytest.raises(ClientError, match="TaskTimedOut"):
        stepfunctions.send_task_success(
            taskToken=json.loads(scheduled(events)["parameters"])["Payload"]["token"], output="{}"
        )
    described = stepfunctions.describe_execution(executionArn=execution)
    assert (described["status"], described["error"], described["cause"]) == ("ABORTED", "ChatOps.Cancelled", "U1")
    *_, last = history(server, execution)
    assert (last["type"], last["previousEventId"]) == ("ExecutionAborted", 0)
    assert last["executionAbortedEventDetails"] == {"error": "ChatOps.Cancelled", "cause": "U1"}
    assert last["timestamp"] - described["stopDate"] < timedelta(seconds=1)
