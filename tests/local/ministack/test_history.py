"""What gets into an execution's history.

https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html#service-limits-state-machine-executions
"""

from __future__ import annotations

from typing import Any

import pytest

from chatops_local.ministack.private import private
from chatops_local.ministack.state_machines import scopes, task_events
from chatops_local.ministack.state_machines.history import MOST_EVENTS, limited

_add_event = private("services.stepfunctions:_add_event", "execution, event_type, details")


@pytest.fixture
def execution() -> dict[str, Any]:
    return {"status": "RUNNING", "events": [{"id": 1, "type": "ExecutionStarted"}]}


def add(execution: dict[str, Any], event_type: str, details: dict[str, Any] | None = None) -> None:
    limited(_add_event.get())(execution, event_type, details)


def test_a_task_is_scheduled_and_started(execution: dict[str, Any]):
    resource = "arn:aws:states:::aws-sdk:ssm:listCommands"
    add(execution, "TaskScheduled", {"taskScheduledEventDetails": {"resource": resource}})
    assert [(event["id"], event["type"]) for event in execution["events"][1:]] == [
        (2, "TaskScheduled"),
        (3, "TaskStarted"),
    ]
    assert execution["events"][2]["taskStartedEventDetails"] == {
        "resourceType": "aws-sdk:ssm",
        "resource": "listCommands",
    }


def test_nothing_is_added_by_what_was_stopped(execution: dict[str, Any]):
    scope = scopes.Scope()
    scope.stop()
    with scopes.entered(scope):
        add(execution, "PassStateEntered")
    assert len(execution["events"]) == 1


def test_nothing_follows_the_end_of_an_execution(execution: dict[str, Any]):
    execution["status"] = "ABORTED"
    add(execution, "ExecutionAborted", {"executionAbortedEventDetails": {"error": "", "cause": None}})
    add(execution, "TaskFailed", {"taskFailedEventDetails": {"resource": "r", "error": "E", "cause": ""}})
    assert [event["type"] for event in execution["events"][1:]] == ["ExecutionAborted"]
    assert execution["events"][1]["executionAbortedEventDetails"] == {}


@pytest.mark.parametrize(
    ("resource", "called"),
    [
        ("arn:aws:states:::lambda:invoke.waitForTaskToken", ("lambda", "invoke.waitForTaskToken")),
        ("arn:aws:states:::states:startExecution.sync:2", ("states", "startExecution.sync:2")),
        ("arn:aws-cn:states:::aws-sdk:ssm:sendCommand", ("aws-sdk:ssm", "sendCommand")),
        ("arn:aws:lambda:r:123456789012:function:f", ("lambda", "arn:aws:lambda:r:123456789012:function:f")),
    ],
)
def test_a_resource_has_a_type_and_an_action(resource: str, called: tuple[str, str]):
    assert task_events.called(resource) == called


def test_a_full_history_fails_the_execution_with_what_nothing_catches(execution: dict[str, Any]):
    execution["events"] *= MOST_EVENTS - 1
    add(execution, "PassStateEntered")
    with pytest.raises(Exception, match=r"States\.Runtime: .*maximum number of history events \(25000\)"):
        add(execution, "PassStateEntered")
    add(execution, "ExecutionFailed")
    assert len(execution["events"]) == MOST_EVENTS + 1
