"""A command on the real local cloud: its execution, its calls and what allowed each, as the page shows them."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from chatops_local.cloud import LocalCloud
from chatops_local.page import Workbench
from chatops_local.page.commands import Command
from chatops_local.slack import sent_command

FUNCTION = """
import base64, hashlib, json, os, urllib.parse, urllib.request, boto3

def handler(event, context):
    body = base64.b64decode(event["body"]) if event["isBase64Encoded"] else event["body"].encode()
    form = dict(urllib.parse.parse_qsl(body.decode()))
    boto3.client("stepfunctions").start_execution(
        stateMachineArn=os.environ["MACHINE"], name=hashlib.sha256(body).hexdigest(),
        input=json.dumps({"response_url": form["response_url"]}))
    urllib.request.urlopen(urllib.request.Request(
        form["response_url"], json.dumps({"text": "result"}).encode(), {"Content-Type": "application/json"}))
    return {"statusCode": 200, "headers": {"content-type": "text/plain"}, "body": "on it"}
"""

STATES = {
    "StartAt": "Find",
    "States": {
        "Find": {
            "Type": "Task",
            "Resource": "arn:aws:states:::aws-sdk:ssm:listCommands",
            "Parameters": {"MaxResults": 5},
            "Next": "Cancel",
        },
        "Cancel": {
            "Type": "Task",
            "Resource": "arn:aws:states:::aws-sdk:ssm:cancelCommand",
            "Parameters": {"CommandId": "11111111-2222-3333-4444-555555555555"},
            "End": True,
        },
    },
}


def role(service: str, **statement: Any) -> dict[str, Any]:
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": f"{service}.amazonaws.com"}}
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Resource": "*", **statement}]}
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
            "Policies": [{"PolicyName": "Own", "PolicyDocument": policy}],
        },
        "Metadata": {"aws:cdk:path": f"Hand/{service.title()}Role/Resource"},
    }


def permission(action: str, **condition: object) -> dict[str, Any]:
    function = {"Fn::GetAtt": ["Function", "Arn"]}
    properties = {"Action": action, "FunctionName": function, "Principal": "*", **condition}
    return {"Type": "AWS::Lambda::Permission", "Properties": properties}


TEMPLATE = {
    "Resources": {
        "FunctionRole": role("lambda", Action="states:StartExecution", Sid="StartIt"),
        "MachineRole": role("states", Action="ssm:ListCommands", Sid="ListThem"),
        "Machine": {
            "Type": "AWS::StepFunctions::StateMachine",
            "Properties": {
                "RoleArn": {"Fn::GetAtt": ["MachineRole", "Arn"]},
                "DefinitionString": json.dumps(STATES),
            },
            "Metadata": {"aws:cdk:path": "Hand/Machine/Resource"},
        },
        "Function": {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "Runtime": "python3.12",
                "Handler": "index.handler",
                "Code": {"ZipFile": FUNCTION},
                "Role": {"Fn::GetAtt": ["FunctionRole", "Arn"]},
                "Environment": {"Variables": {"MACHINE": {"Ref": "Machine"}}},
                "Timeout": 20,
            },
            "Metadata": {
                "chatops:endpoint": {
                    "version": 1,
                    "url_output": "Url",
                    "team_id": "T0HAND",
                    "app_id": "A0HAND",
                    "signing_secret_parameter": "/hand/signing-secret",
                }
            },
        },
        "FunctionUrl": {
            "Type": "AWS::Lambda::Url",
            "Properties": {"AuthType": "NONE", "TargetFunctionArn": {"Fn::GetAtt": ["Function", "Arn"]}},
        },
        "UrlPermission": permission("lambda:InvokeFunctionUrl", FunctionUrlAuthType="NONE"),
        "InvokePermission": permission("lambda:InvokeFunction", InvokedViaFunctionUrl=True),
    },
    "Outputs": {"Url": {"Value": {"Fn::GetAtt": ["FunctionUrl", "FunctionUrl"]}}},
}


@pytest.fixture(scope="module")
def workbench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    folder = tmp_path_factory.mktemp("assembly")
    artifact = {"type": "aws:cloudformation:stack", "properties": {"templateFile": "Hand.template.json"}}
    (folder / "Hand.template.json").write_text(json.dumps(TEMPLATE))
    (folder / "manifest.json").write_text(json.dumps({"version": "36.0.0", "artifacts": {"Hand": artifact}}))
    with LocalCloud.start(time_scale=0.05) as cloud:
        workbench = Workbench(folder, cloud)
        workbench.deploy()
        workbench.commands = [Command("/ps", "", "/ps", "Hand", "Function", (), ())]
        yield workbench


def typed(workbench: Workbench) -> dict[str, Any]:
    """What the page shows about `/ps` a moment after its end, when everything about it is there."""
    workbench.type("U0LOCALUSER", "C0LOCALOPS", "/ps")
    deadline = time.monotonic() + 20
    while True:
        workbench.look()
        shown = [entry.value for entry in workbench.board.changes(0)[1] if entry.kind == "run"][-1]
        if (shown["over"] and time.time() > shown["over"] + 0.6) or time.monotonic() > deadline:
            return shown
        time.sleep(0.05)


@pytest.fixture(scope="module")
def run(workbench: Workbench) -> dict[str, Any]:
    return typed(workbench)


def test_its_execution(run: dict[str, Any]) -> None:
    (execution,) = run["executions"]
    assert (execution["machine"], execution["status"]) == ("Machine", "FAILED")
    assert [(state["name"], state["status"], state["resource"]) for state in execution["states"]] == [
        ("Find", "done", "ssm:listCommands"),
        ("Cancel", "failed", "ssm:cancelCommand"),
    ]
    assert "not authorized to perform: ssm:CancelCommand" in execution["states"][1]["cause"]


def test_its_end(run: dict[str, Any]) -> None:
    assert run["status"] == "failed"
    assert run["ack"]["error"] == ""
    assert run["answers"] == 1
    assert "is FAILED" in run["problems"][0]


def test_what_allowed_its_calls(run: dict[str, Any]) -> None:
    calls = {call["action"]: call for call in run["calls"]}
    assert [
        (action, calls[action]["role"], calls[action]["allowed"], calls[action]["policy"], calls[action]["statement"])
        for action in ("states:StartExecution", "ssm:ListCommands", "ssm:CancelCommand")
    ] == [
        ("states:StartExecution", "LambdaRole", True, "Own", "StartIt"),
        ("ssm:ListCommands", "StatesRole", True, "Own", "ListThem"),
        ("ssm:CancelCommand", "StatesRole", False, "", ""),
    ]
    assert all(call["times"] == 1 for call in calls.values())


def test_what_an_ack_was_for_that_came_too_late(
    run: dict[str, Any], workbench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sent_command, "ACK_LIMIT_MS", 0)
    late = typed(workbench)
    assert late["ack"]["error"] == "operation_timeout"
    assert [execution["status"] for execution in late["executions"]] == ["FAILED"]
