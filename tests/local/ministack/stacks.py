"""Small templates and assemblies, written by hand so that no test has to synthesise an app."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from chatops_local.server import DeployedStack, Server

ACCOUNT = "123456789012"
REGION = "us-east-1"


def arn(service: str, resource: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{resource}"


def allow(actions: str | list[str], resource: Any = "*", condition: dict[str, Any] | None = None) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": actions, "Resource": resource}
    return {**statement, "Condition": condition} if condition else statement


def deny(actions: str | list[str], resource: Any = "*") -> dict[str, Any]:
    return {**allow(actions, resource), "Effect": "Deny"}


def role(principal: dict[str, Any] | str, *statements: dict[str, Any]) -> dict[str, Any]:
    trusted = {"Service": f"{principal}.amazonaws.com"} if isinstance(principal, str) else principal
    trust = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": trusted, "Action": "sts:AssumeRole"}],
    }
    policy = {"PolicyName": "policy", "PolicyDocument": {"Version": "2012-10-17", "Statement": list(statements)}}
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {"AssumeRolePolicyDocument": trust, "Policies": [policy] if statements else []},
    }


WRITE_LOGS = allow(["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"])


def function(code: str, role_id: str, **properties: Any) -> dict[str, Any]:
    return {
        "Type": "AWS::Lambda::Function",
        "Properties": {
            "Handler": "index.handler",
            "Runtime": "python3.13",
            "Timeout": 10,
            "Code": {"ZipFile": code},
            "Role": {"Fn::GetAtt": [role_id, "Arn"]},
            **properties,
        },
    }


def machine(role_id: str, states: dict[str, Any], **fields: Any) -> dict[str, Any]:
    definition = {"QueryLanguage": "JSONata", "StartAt": next(iter(states)), "States": states, **fields}
    return {
        "Type": "AWS::StepFunctions::StateMachine",
        "Properties": {"RoleArn": {"Fn::GetAtt": [role_id, "Arn"]}, "DefinitionString": json.dumps(definition)},
    }


def document(script: str, **properties: Any) -> dict[str, Any]:
    step = {"action": "aws:runShellScript", "name": "run", "inputs": {"runCommand": [script]}}
    content = {"schemaVersion": "2.2", "description": "a test", "mainSteps": [step]}
    return {
        "Type": "AWS::SSM::Document",
        "Properties": {"DocumentType": "Command", "UpdateMethod": "NewVersion", "Content": content, **properties},
    }


def template(resources: dict[str, Any], outputs: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"Resources": resources, "Outputs": {name: {"Value": value} for name, value in (outputs or {}).items()}}


def write_assembly(directory: Path, stacks: dict[str, dict[str, Any]], tags: dict[str, str] | None = None) -> Path:
    directory.mkdir(parents=True, exist_ok=True)
    artifacts = {
        name: {
            "type": "aws:cloudformation:stack",
            "environment": "aws://unknown-account/unknown-region",
            "properties": {"templateFile": f"{name}.template.json", "tags": tags or {}},
        }
        for name in stacks
    }
    (directory / "manifest.json").write_text(json.dumps({"version": "55.0.0", "artifacts": artifacts}))
    for name, stack in stacks.items():
        (directory / f"{name}.template.json").write_text(json.dumps(stack))
    return directory


def deploy(server: Server, directory: Path, name: str, resources: dict[str, Any], **outputs: Any) -> DeployedStack:
    return server.deploy(write_assembly(directory / name, {name: template(resources, outputs)}))


def deploy_at(server: Server, directory: Path, region: str, name: str, resources: dict[str, Any]) -> DeployedStack:
    """Deploy a stack whose environment names a region."""
    assembly = write_assembly(directory / name, {name: template(resources)})
    manifest = json.loads((assembly / "manifest.json").read_text())
    manifest["artifacts"][name]["environment"] = f"aws://{ACCOUNT}/{region}"
    (assembly / "manifest.json").write_text(json.dumps(manifest))
    return server.deploy(assembly)


def run(server: Server, state_machine: str, given: Any = None, name: str | None = None) -> dict[str, Any]:
    """Start an execution and wait for its end."""
    return finish(server, start(server, state_machine, given, name))


def start(server: Server, state_machine: str, given: Any = None, name: str | None = None) -> str:
    request = {"stateMachineArn": state_machine, "input": json.dumps({} if given is None else given)}
    if name:
        request["name"] = name
    execution: str = server.client("stepfunctions").start_execution(**request)["executionArn"]
    return execution


def finish(server: Server, execution: str) -> dict[str, Any]:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        described: dict[str, Any] = server.client("stepfunctions").describe_execution(executionArn=execution)
        if described["status"] != "RUNNING":
            return described
        time.sleep(0.02)
    raise AssertionError(f"{execution} does not end")


def output_of(described: dict[str, Any]) -> Any:
    assert described["status"] == "SUCCEEDED", described
    return json.loads(described["output"])


def invoke(server: Server, function_name: str, event: Any = None, **options: Any) -> dict[str, Any]:
    answer = server.client("lambda").invoke(FunctionName=function_name, Payload=json.dumps(event), **options)
    return {"error": answer.get("FunctionError"), "payload": json.loads(answer["Payload"].read())}
