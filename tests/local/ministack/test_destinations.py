"""Asynchronous invocations that are configured: how often they are tried, and who is told of their end."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from chatops_local.server import DeploymentFailedError
from tests.local.ministack.messaging_stacks import arn_of, letting_in, queue, queue_policy, topic, until
from tests.local.ministack.stacks import WRITE_LOGS, allow, deploy, function, role
from tests.local.trust.behaviours import DESTINATION

if TYPE_CHECKING:
    from pathlib import Path

    from chatops_local.server import DeployedStack, Server

FAILS = "def handler(event, context): raise ValueError('no such job')"
WORKS = "def handler(event, context): return {'done': event['job']}"
ACTIONS = {
    "Queue": "sqs:SendMessage",
    "Topic": "sns:Publish",
    "Other": "lambda:InvokeFunction",
    "Bus": "events:PutEvents",
}
ARNS: dict[str, Any] = {
    "Queue": arn_of("Queue"),
    "Topic": {"Ref": "Topic"},
    "Other": arn_of("Other"),
    "Bus": {"Fn::Sub": "arn:aws:events:${AWS::Region}:${AWS::AccountId}:event-bus/default"},
}


def stack_of(
    code: str, destinations: dict[str, str], *, granted: dict[str, str] | None = None, **settings: Any
) -> dict[str, Any]:
    """A function with an event invoke configuration, and whatever may be a destination."""
    allowed = [allow(action, ARNS[name]) for name, action in (ACTIONS if granted is None else granted).items()]
    configured = {on: {"Destination": ARNS[name]} for on, name in destinations.items()}
    return {
        "Queue": queue(),
        "Topic": topic(),
        "OtherRole": role("lambda", WRITE_LOGS),
        "Other": function(
            "def handler(event, context): print('told ' + event['requestContext']['condition'])", "OtherRole"
        ),
        "Role": role("lambda", WRITE_LOGS, *allowed),
        "Function": function(code, "Role"),
        "Configured": {
            "Type": "AWS::Lambda::EventInvokeConfig",
            "Properties": {
                "FunctionName": {"Ref": "Function"},
                "Qualifier": "$LATEST",
                "DestinationConfig": configured,
                **settings,
            },
        },
    }


def invoke(server: Server, stack: DeployedStack) -> None:
    function_name = stack.resource("Function")
    server.client("lambda").invoke(FunctionName=function_name, InvocationType="Event", Payload=b'{"job": 7}')
    until(lambda: all(each.is_over for each in server.asynchronous_invocations(function_name)))


def record(server: Server, stack: DeployedStack) -> dict[str, Any]:
    (message,) = server.messages(stack.resource("Queue"))
    told: dict[str, Any] = json.loads(message.body)
    return told


@DESTINATION.allow("sqs:SendMessage")
def test_a_queue_is_told_when_all_attempts_have_failed(server: Server, tmp_path: Path):
    stack = deploy(server, tmp_path, "Exhausted", stack_of(FAILS, {"OnFailure": "Queue"}, MaximumRetryAttempts=1))
    invoke(server, stack)
    (invocation,) = server.asynchronous_invocations(stack.resource("Function"))
    assert (invocation.attempts, invocation.error) == (2, "ValueError")
    told = record(server, stack)
    context = told["requestContext"]
    assert (context["condition"], context["approximateInvokeCount"]) == ("RetriesExhausted", 2)
    assert context["functionArn"].endswith(":$LATEST")
    assert told["requestPayload"] == {"job": 7}
    assert told["responseContext"] == {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"}
    assert told["responsePayload"]["errorMessage"] == "no such job"


def test_without_retries_there_is_one_attempt(server: Server, tmp_path: Path):
    stack = deploy(server, tmp_path, "Once", stack_of(FAILS, {"OnFailure": "Queue"}, MaximumRetryAttempts=0))
    invoke(server, stack)
    assert record(server, stack)["requestContext"]["approximateInvokeCount"] == 1


def test_success_goes_to_its_own_destination(server: Server, tmp_path: Path):
    stack = deploy(server, tmp_path, "Done", stack_of(WORKS, {"OnSuccess": "Queue", "OnFailure": "Topic"}))
    invoke(server, stack)
    told = record(server, stack)
    assert (told["requestContext"]["condition"], told["responsePayload"]) == ("Success", {"done": 7})
    assert "functionError" not in told["responseContext"]
    assert server.published(stack.resource("Topic")) == []


def test_an_event_that_grows_too_old_has_no_response(server: Server, tmp_path: Path):
    resources = stack_of(WORKS, {"OnFailure": "Queue"}, MaximumEventAgeInSeconds=60)
    resources["Function"]["Properties"]["ReservedConcurrentExecutions"] = 0
    stack = deploy(server, tmp_path, "Old", resources)
    invoke(server, stack)
    told = record(server, stack)
    context = told["requestContext"]
    assert (context["condition"], context["approximateInvokeCount"]) == ("EventAgeExceeded", 0)
    assert "responsePayload" not in told


@DESTINATION.allow("sns:Publish", "lambda:InvokeFunction", "events:PutEvents")
@pytest.mark.parametrize("name", ["Topic", "Other", "Bus"])
def test_topics_functions_and_buses_are_told_too(server: Server, tmp_path: Path, name: str):
    resources = stack_of(FAILS, {"OnFailure": name}, MaximumRetryAttempts=0)
    pattern = {"source": ["lambda"], "detail-type": ["Lambda Function Invocation Result - Failure"]}
    resources["Rule"] = {
        "Type": "AWS::Events::Rule",
        "Properties": {"EventPattern": pattern, "Targets": [{"Arn": ARNS["Queue"], "Id": "told"}]},
    }
    resources["Policy"] = queue_policy("Queue", letting_in("events", "sqs:SendMessage", ARNS["Queue"]))
    stack = deploy(server, tmp_path, f"To{name}", resources)
    invoke(server, stack)
    if name == "Other":
        until(lambda: "told RetriesExhausted" in [line.message for line in server.function_logs()])
        return
    if name == "Bus":
        until(lambda: server.messages(stack.resource("Queue")))
        told = record(server, stack)["detail"]
    else:
        (publication,) = until(lambda: server.published(stack.resource("Topic")))
        told = json.loads(publication.message)
    assert told["requestContext"]["condition"] == "RetriesExhausted"


@DESTINATION.deny("{missing}")
@pytest.mark.parametrize(("name", "missing"), ACTIONS.items())
def test_a_role_that_may_not_tell_is_refused_at_the_deployment(server: Server, tmp_path: Path, name: str, missing: str):
    granted = {other: action for other, action in ACTIONS.items() if other != name}
    action = missing.partition(":")[2]
    with pytest.raises(DeploymentFailedError, match=f"does not have permissions to call {action} on"):
        deploy(server, tmp_path, f"Without{name}", stack_of(FAILS, {"OnFailure": name}, granted=granted))


@DESTINATION.deny("sqs:SendMessage")
def test_a_role_that_loses_the_right_tells_nobody(server: Server, tmp_path: Path):
    stack = deploy(server, tmp_path, "Lost", stack_of(FAILS, {"OnFailure": "Queue"}, MaximumRetryAttempts=0))
    server.client("iam").delete_role_policy(RoleName=stack.resource("Role"), PolicyName="policy")
    invoke(server, stack)
    assert server.messages(stack.resource("Queue")) == []
    refusal = server.refusals()[-1]
    assert refusal.service == "lambda.amazonaws.com"
    assert "is not authorized to perform: sqs:SendMessage" in refusal.reason
