"""What rules are told of stacks, in the stack's own region.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-console-eventbridge.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from chatops_local.server import DeploymentFailedError
from tests.local.ministack.messaging_stacks import arn_of, letting_in, queue, queue_policy, until
from tests.local.ministack.stacks import WRITE_LOGS, deploy, deploy_at, function, role

if TYPE_CHECKING:
    from pathlib import Path

    from chatops_local.server import DeployedStack, Server

VIRGINIA = "us-east-1"
PATTERN: dict[str, Any] = {
    "source": ["aws.cloudformation"],
    "detail-type": ["CloudFormation Stack Status Change"],
    "detail": {"stack-id": [{"Ref": "AWS::StackId"}]},
}
IS_OVER = ["CREATE_COMPLETE", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"]
BROKEN = {
    "Type": "AWS::Scheduler::Schedule",
    "Properties": {
        "ScheduleExpression": "never",
        "FlexibleTimeWindow": {"Mode": "OFF"},
        "Target": {"Arn": arn_of("Queue"), "RoleArn": "arn:aws:iam::123456789012:role/none"},
    },
}


def to_queue(**more: Any) -> dict[str, Any]:
    return {
        "Queue": queue(),
        "Rule": {
            "Type": "AWS::Events::Rule",
            "Properties": {"EventPattern": PATTERN, "Targets": [{"Id": "queue", "Arn": arn_of("Queue")}]},
        },
        "Policy": queue_policy("Queue", letting_in("events", "sqs:SendMessage", arn_of("Queue"), arn_of("Rule"))),
        **more,
    }


def statuses(cloud: Server, stack: DeployedStack) -> list[str]:
    return [json.loads(message.body)["detail"]["status-details"]["status"] for message in events(cloud, stack)]


def events(cloud: Server, stack: DeployedStack) -> list[Any]:
    return cloud.messages(f"arn:aws:sqs:{stack.region}:123456789012:{stack.resource('Queue').rpartition('/')[2]}")


def test_a_rule_of_the_stack_s_region_gets_every_change(tokyo_cloud: Server, tmp_path: Path):
    stack = deploy_at(tokyo_cloud, tmp_path, VIRGINIA, "Watched", to_queue())
    until(tokyo_cloud.is_quiet)
    # The rule may be there before the stack's first event has reached the bus.
    created = statuses(tokyo_cloud, stack)
    assert created in (["CREATE_COMPLETE"], ["CREATE_IN_PROGRESS", "CREATE_COMPLETE"])
    event = json.loads(events(tokyo_cloud, stack)[-1].body)
    stack_id = tokyo_cloud.client("cloudformation", VIRGINIA).describe_stacks()["Stacks"][0]["StackId"]
    assert event["region"] == VIRGINIA
    assert event["resources"] == [event["detail"]["stack-id"]]
    assert stack_id.split(":")[3] == VIRGINIA
    assert event["detail"]["status-details"] == {"status": "CREATE_COMPLETE", "status-reason": ""}

    deploy_at(tokyo_cloud, tmp_path, VIRGINIA, "Watched", to_queue(Another=queue()))
    updated = ["UPDATE_IN_PROGRESS", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "UPDATE_COMPLETE"]
    # Whoever waits until it is quiet has not to look again and again.
    until(tokyo_cloud.is_quiet)
    assert statuses(tokyo_cloud, stack)[len(created) :] == updated

    with pytest.raises(DeploymentFailedError):
        deploy_at(tokyo_cloud, tmp_path, VIRGINIA, "Watched", to_queue(Broken=BROKEN))
    rolled_back = [
        "UPDATE_IN_PROGRESS",
        "UPDATE_ROLLBACK_IN_PROGRESS",
        "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
        "UPDATE_ROLLBACK_COMPLETE",
    ]
    assert until(lambda: statuses(tokyo_cloud, stack)[len(created) + 3 :] == rolled_back)


def told(permission: bool) -> dict[str, Any]:
    target = {"Id": "function", "Arn": arn_of("Function"), "Input": '{"kind": "stack"}'}
    pattern = {**PATTERN, "detail": {**PATTERN["detail"], "status-details": {"status": IS_OVER}}}
    letting = {
        "Action": "lambda:InvokeFunction",
        "FunctionName": arn_of("Function"),
        "Principal": "events.amazonaws.com",
        "SourceArn": arn_of("Rule"),
    }
    made = {
        "Rule": {"Type": "AWS::Events::Rule", "Properties": {"EventPattern": pattern, "Targets": [target]}},
        "Function": function("def handler(event, context):\n    print(event['kind'])\n", "Role"),
        "Role": role("lambda", WRITE_LOGS),
    }
    return {**made, "Permission": {"Type": "AWS::Lambda::Permission", "Properties": letting}} if permission else made


def runs(server: Server, stack: DeployedStack) -> int:
    found = server.asynchronous_invocations(stack.resource("Function"))
    assert all((each.payload, each.error) == ('{"kind": "stack"}', "") for each in found)
    return len([each for each in found if each.is_over])


def test_a_function_is_invoked_after_each_update(server: Server, tmp_path: Path):
    stack = deploy(server, tmp_path, "Told", told(permission=True))
    assert until(lambda: runs(server, stack) == 1)
    deploy(server, tmp_path / "again", "Told", {**told(permission=True), "More": queue()})
    # The clean-up and the end.
    assert until(lambda: runs(server, stack) == 3)


def test_a_function_that_does_not_let_the_rule_in(server: Server, tmp_path: Path):
    stack = deploy(server, tmp_path, "Untold", told(permission=False))
    rule = f":rule/{stack.resource('Rule')}"
    (refusal,) = until(lambda: [each for each in server.refusals() if each.source.endswith(rule)])
    assert "events.amazonaws.com is not authorized to perform: lambda:InvokeFunction" in refusal.reason
    assert runs(server, stack) == 0
