"""What tells that something is not what it was: the revision of a function, the hash of its code, a machine's revision.

https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConfiguration.html
https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeStateMachine.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.local.ministack.stacks import (
    WRITE_LOGS,
    allow,
    deploy,
    finish,
    function,
    machine,
    output_of,
    role,
    run,
    start,
)
from tests.local.trust.behaviours import REVISIONS, TASK_ROLE

if TYPE_CHECKING:
    from pathlib import Path

    from chatops_local.server import DeployedStack, Server

OF_A_FUNCTION = {"FunctionName": "${Function}"}
OF_A_MACHINE = {"StateMachineArn": "${Machine}"}


def asking(role_id: str, resource: str, arguments: dict[str, str]) -> dict[str, Any]:
    task = {"Type": "Task", "Resource": f"arn:aws:states:::aws-sdk:{resource}", "Arguments": arguments, "End": True}
    made = machine(role_id, {"Ask": task})
    made["Properties"]["DefinitionString"] = {"Fn::Sub": made["Properties"]["DefinitionString"]}
    return made


def deployed(server: Server, directory: Path, answer: int = 1, memory: int = 128, state: str = "A") -> DeployedStack:
    reads = [
        allow("lambda:GetFunctionConfiguration", {"Fn::GetAtt": ["Function", "Arn"]}),
        allow("states:DescribeStateMachine", {"Ref": "Machine"}),
    ]
    others = [
        allow("lambda:GetFunctionConfiguration", {"Fn::GetAtt": ["Other", "Arn"]}),
        allow("states:DescribeStateMachine", {"Fn::Sub": "${Machine}-other"}),
    ]
    resources = {
        "FunctionRole": role("lambda", WRITE_LOGS),
        "Function": function(f"def handler(e, c): return {answer}", "FunctionRole", MemorySize=memory),
        "Other": function("def handler(e, c): return 0", "FunctionRole"),
        "Idle": role("states"),
        "Machine": machine("Idle", {state: {"Type": "Pass", "End": True}}),
        "Reader": role("states", *reads),
        "Stranger": role("states", *others),
        "AsksForFunction": asking("Reader", "lambda:getFunctionConfiguration", OF_A_FUNCTION),
        "AsksForMachine": asking("Reader", "sfn:describeStateMachine", OF_A_MACHINE),
        "StrangerToFunction": asking("Stranger", "lambda:getFunctionConfiguration", OF_A_FUNCTION),
        "StrangerToMachine": asking("Stranger", "sfn:describeStateMachine", OF_A_MACHINE),
    }
    return deploy(server, directory / f"{answer}-{memory}-{state}", "Versions", resources)


def function_now(server: Server, stack: DeployedStack) -> tuple[str, str]:
    now = output_of(run(server, stack.resource("AsksForFunction")))
    return now["CodeSha256"], now["RevisionId"]


@REVISIONS.deny()
def test_what_is_deployed_again_unchanged_keeps_its_revision(server: Server, tmp_path: Path):
    first = function_now(server, deployed(server, tmp_path, answer=7))
    assert function_now(server, deployed(server, tmp_path, answer=7)) == first


@REVISIONS.allow()
def test_a_function_has_another_revision_after_every_update(server: Server, tmp_path: Path):
    code, revision = function_now(server, deployed(server, tmp_path, answer=1))
    same_code, other_revision = function_now(server, deployed(server, tmp_path, answer=1, memory=256))
    assert (same_code, other_revision != revision) == (code, True)
    other_code, last_revision = function_now(server, deployed(server, tmp_path, answer=2, memory=256))
    assert other_code != code
    assert last_revision not in (revision, other_revision)


@REVISIONS.allow()
def test_a_machine_has_no_revision_until_it_is_updated(server: Server, tmp_path: Path):
    stack = deployed(server, tmp_path, state="A")
    assert "RevisionId" not in output_of(run(server, stack.resource("AsksForMachine")))
    revisions = {
        output_of(run(server, deployed(server, tmp_path, state=state).resource("AsksForMachine")))["RevisionId"]
        for state in ("B", "C")
    }
    assert len(revisions) == 2


def test_metadata_are_without_the_definition(server: Server, tmp_path: Path):
    arn = deployed(server, tmp_path).resource("Machine")
    described = server.client("stepfunctions").describe_state_machine(stateMachineArn=arn, includedData="METADATA_ONLY")
    assert described["definition"] == "{}"


@TASK_ROLE.deny("lambda:GetFunctionConfiguration", "states:DescribeStateMachine")
@pytest.mark.parametrize(
    ("name", "error"),
    [("StrangerToFunction", "Lambda.LambdaException"), ("StrangerToMachine", "Sfn.SfnException")],
)
def test_who_may_read_another_one_is_denied(server: Server, tmp_path: Path, name: str, error: str):
    stack = deployed(server, tmp_path)
    described = finish(server, start(server, stack.resource(name)))
    assert (described["status"], described["error"]) == ("FAILED", error)
    assert "is not authorized to perform" in described["cause"]
