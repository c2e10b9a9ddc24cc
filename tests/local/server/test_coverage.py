"""What is said to become of a template is what the guard does with it."""

from __future__ import annotations

from typing import Any

import pytest

from chatops_local.server import UnsupportedError
from chatops_local.server.guard import check, coverage
from chatops_local.server.guard.policies import CHECKED_ACTIONS
from chatops_local.server.guard.types import EMULATED, RECORDED
from tests.local.ministack.stacks import allow, document, function, machine, role, template


def of(resources: dict[str, Any], *, elsewhere: bool = False) -> dict[tuple[str, str], Any]:
    found = coverage("Stack", "us-east-1", template(resources), elsewhere=elsewhere)
    return {(item.kind, item.name): item for item in found.items}


def task(resource: str) -> dict[str, Any]:
    return {"Type": "Task", "Resource": resource, "End": True}


def subscription(protocol: str) -> dict[str, Any]:
    return {"Type": "AWS::SNS::Subscription", "Properties": {"Protocol": protocol, "TopicArn": "arn"}}


def test_types_integrations_and_actions_have_their_standing():
    items = of(
        {
            "Role": role("states", allow(["ssm:SendCommand", "ssm:ListCommands"]), allow("ssm:SendCommand")),
            "Machine": machine("Role", {"State": task("arn:aws:states:::aws-sdk:ssm:sendCommand.waitForTaskToken")}),
            "One": document("true"),
            "Two": document("true"),
            "Metadata": {"Type": "AWS::CDK::Metadata"},
        }
    )
    assert {name: (item.standing, item.count) for name, item in items.items()} == {
        ("resource type", "AWS::IAM::Role"): ("emulated", 1),
        ("resource type", "AWS::StepFunctions::StateMachine"): ("emulated", 1),
        ("resource type", "AWS::SSM::Document"): ("emulated", 2),
        ("resource type", "AWS::CDK::Metadata"): ("recorded", 1),
        ("integration", "aws-sdk:ssm:sendCommand.waitForTaskToken"): ("checked", 1),
        ("action", "ssm:SendCommand"): ("checked", 2),
        ("action", "ssm:ListCommands"): ("checked", 1),
    }


def test_a_function_that_a_task_names_is_one():
    resources = {"Role": role("states"), "Function": function("", "Role"), "Machine": machine("Role", {"S": task("x")})}
    resources["Machine"]["Properties"]["DefinitionString"] = {
        "Fn::Sub": '{"StartAt": "S", "States": {"S": {"Type": "Task", "Resource": "${Function.Arn}", "End": true}}}'
    }
    assert of(resources)["integration", "a function"].standing == "checked"


def test_what_is_refused_has_every_reason():
    items = of(
        {
            "Db": {"Type": "AWS::RDS::DBInstance"},
            "Role": role("states", allow(["s3:GetObject", "ssm:*"])),
            "Machine": machine("Role", {"State": task("arn:aws:states:::aws-sdk:rds:rebootDBInstance")}),
            "Function": function("", "Role", Runtime="nodejs22.x", VpcConfig={}),
        }
    )
    assert {name for name, item in items.items() if item.standing == "refused"} == {
        ("resource type", "AWS::RDS::DBInstance"),
        ("resource type", "AWS::IAM::Role"),
        ("resource type", "AWS::StepFunctions::StateMachine"),
        ("resource type", "AWS::Lambda::Function"),
        ("integration", "aws-sdk:rds:rebootDBInstance"),
        ("action", "s3:GetObject"),
        ("action", "ssm:*"),
    }
    assert [reason.partition(";")[0] for reason in items["resource type", "AWS::Lambda::Function"].reasons] == [
        "Function: runtime nodejs22.x is not emulated",
        "Function: property VpcConfig is not emulated",
    ]
    assert items["action", "s3:GetObject"].reasons == (
        "action s3:GetObject is not emulated: nothing in the local cloud checks it",
    )


@pytest.mark.parametrize(
    ("resources", "elsewhere"),
    [
        ({"Role": role("lambda", allow(sorted(CHECKED_ACTIONS)))}, False),
        ({"Document": document("true")}, False),
        ({"Document": document("true")}, True),
        ({"Role": role("lambda", allow("s3:GetObject"))}, False),
        ({"Sms": subscription("sms")}, False),
        ({}, False),
    ],
)
def test_something_is_refused_exactly_if_the_guard_refuses_the_stack(resources: dict[str, Any], elsewhere: bool):
    found = coverage("Stack", "us-east-1", template(resources), elsewhere=elsewhere)
    try:
        check("Stack", template(resources), elsewhere=elsewhere)
    except UnsupportedError:
        assert found.refused
    else:
        assert found.refused == []


def test_subscriptions_whose_messages_are_not_sent():
    (item,) = of({"Mail": subscription("email")}).values()
    assert (item.standing, item.reasons) == ("recorded", ("Mail: what is sent by email is recorded only",))
    (item,) = of({"Mail": subscription("email"), "Queue": subscription("sqs")}).values()
    assert (item.standing, item.reasons) == ("emulated", ("Mail: what is sent by email is recorded only",))


def test_functions_of_cdks_own_that_never_run_are_left_out():
    resources = {
        "Role": role("lambda", allow("s3:GetObject")),
        "Provider": function("", "Role", Runtime="nodejs22.x"),
        "Delete": {
            "Type": "Custom::S3AutoDeleteObjects",
            "Properties": {"ServiceToken": {"Fn::GetAtt": ["Provider", "Arn"]}, "BucketName": "b"},
        },
    }
    items = of(resources)
    assert {item.standing for item in items.values()} == {"emulated"}
    (reason,) = items["resource type", "AWS::Lambda::Function"].reasons
    assert reason.startswith("Provider: CDK's own; it does not run")
    assert not [name for kind, name in items if kind == "action"]


def test_what_is_recorded_can_be_deployed():
    assert RECORDED < EMULATED
