"""CodePipeline: what it tells, who may answer an approval, and the events of it."""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from chatops_local.server import EmulatorError
from tests.local.ministack.callers import ANYBODY_HERE, Caller
from tests.local.ministack.messaging_stacks import arn_of, letting_in, queue, queue_policy, until
from tests.local.ministack.stacks import allow, arn, deploy, role
from tests.local.trust.behaviours import PIPELINE_APPROVAL

if TYPE_CHECKING:
    from pathlib import Path

    from chatops_local.server import DeployedStack, Server

STAGES = {
    "Source": ["Repository"],
    "Build": ["Synth"],
    "Staging": ["Deploy"],
    "production-gate": ["Approve"],
    "Production": ["Deploy"],
}
COMMIT = {"CommitId": "0123abc", "AuthorEmail": "ann@example.test"}
LOOK = ["codepipeline:GetPipelineState", "codepipeline:ListActionExecutions"]
ANSWER = "codepipeline:PutApprovalResult"
names = (f"delivery-{number}" for number in itertools.count(1))


@pytest.fixture(scope="module")
def stack(server: Server, tmp_path_factory: pytest.TempPathFactory) -> DeployedStack:
    pattern = {"source": ["aws.codepipeline"]}
    rule = {"EventPattern": pattern, "Targets": [{"Arn": arn_of("Told"), "Id": "told"}]}
    any_pipeline = arn("codepipeline", "delivery-*")
    resources = {
        "Told": queue(),
        "LettingIn": queue_policy("Told", letting_in("events", "sqs:SendMessage", arn_of("Told"))),
        "Rule": {"Type": "AWS::Events::Rule", "Properties": rule},
        "Approver": role(
            ANYBODY_HERE, allow(LOOK, any_pipeline), allow(ANSWER, f"{any_pipeline}/production-gate/Approve")
        ),
        "Onlooker": role(ANYBODY_HERE, allow([*LOOK, ANSWER], any_pipeline.replace("*", "x"))),
        "OfAnotherStage": role(ANYBODY_HERE, allow(ANSWER, f"{any_pipeline}/staging-gate/Approve")),
    }
    return deploy(server, tmp_path_factory.mktemp("pipelines"), "Pipelines", resources)


@pytest.fixture
def name(server: Server) -> str:
    found = next(names)
    server.pipelines.add(found, STAGES)
    return found


@pytest.fixture
def approver(server: Server, stack: DeployedStack) -> Any:
    return Caller(server, stack.resource("Approver")).client("codepipeline")


def answer(client: Any, name: str, token: str, status: str = "Approved", **changed: str) -> None:
    where = {"pipelineName": name, "stageName": "production-gate", "actionName": "Approve", **changed}
    client.put_approval_result(**where, token=token, result={"status": status, "summary": "by Sam"})


def stage_states(client: Any, name: str) -> dict[str, str]:
    states = client.get_pipeline_state(name=name)["stageStates"]
    return {state["stageName"]: state.get("latestExecution", {}).get("status", "") for state in states}


def events(server: Server, stack: DeployedStack, name: str) -> set[tuple[str, str, str]]:
    """Those of a pipeline and those of its actions come in no order, as on AWS."""
    until(server.is_quiet)
    found = [json.loads(message.body) for message in server.messages(stack.resource("Told"))]
    details = [event["detail"] for event in found if event["detail"]["pipeline"] == name]
    return {(detail.get("stage", ""), detail.get("action", ""), detail["state"]) for detail in details}


def test_a_pipeline_that_has_not_run(approver: Any, name: str):
    assert stage_states(approver, name) == dict.fromkeys(STAGES, "")
    assert approver.list_action_executions(pipelineName=name)["actionExecutionDetails"] == []


def test_what_waits_is_seen_with_its_token(server: Server, approver: Any, name: str):
    waiting = server.pipelines.wait_for_approval(name, "production-gate", source=COMMIT)
    assert stage_states(approver, name) == {
        "Source": "Succeeded",
        "Build": "Succeeded",
        "Staging": "Succeeded",
        "production-gate": "InProgress",
        "Production": "",
    }
    gate = approver.get_pipeline_state(name=name)["stageStates"][3]
    assert gate["latestExecution"]["pipelineExecutionId"] == waiting.execution_id
    (action,) = gate["actionStates"]
    assert (action["actionName"], action["latestExecution"]["token"]) == ("Approve", waiting.token)
    assert waiting.token not in repr(waiting)


def test_the_commit_is_told_by_the_source(server: Server, approver: Any, name: str):
    other = server.pipelines.succeed(name, source={"CommitId": "older"})
    waiting = server.pipelines.wait_for_approval(name, "production-gate", source=COMMIT)
    pages = approver.get_paginator("list_action_executions").paginate(
        pipelineName=name, filter={"pipelineExecutionId": waiting.execution_id}, PaginationConfig={"PageSize": 2}
    )
    details = [detail for page in pages for detail in page["actionExecutionDetails"]]
    assert [detail["stageName"] for detail in details] == ["production-gate", "Staging", "Build", "Source"]
    source = details[-1]
    assert source["input"]["actionTypeId"]["category"] == "Source"
    assert source["output"]["outputVariables"] == COMMIT
    assert other not in {detail["pipelineExecutionId"] for detail in details}


@PIPELINE_APPROVAL.allow(ANSWER, *LOOK)
def test_who_may_approve_does_and_it_goes_on(server: Server, stack: DeployedStack, approver: Any, name: str):
    waiting = server.pipelines.wait_for_approval(name, "production-gate")
    answer(approver, name, waiting.token)
    assert stage_states(approver, name)["production-gate"] == "Succeeded"
    server.pipelines.go_on(name, waiting.execution_id)
    assert stage_states(approver, name)["Production"] == "Succeeded"
    assert events(server, stack, name) == {
        ("", "", "STARTED"),
        ("production-gate", "Approve", "STARTED"),
        ("production-gate", "Approve", "SUCCEEDED"),
        ("", "", "SUCCEEDED"),
    }


def test_what_is_rejected_has_failed(server: Server, stack: DeployedStack, approver: Any, name: str):
    waiting = server.pipelines.wait_for_approval(name, "production-gate")
    answer(approver, name, waiting.token, "Rejected")
    gate = approver.get_pipeline_state(name=name)["stageStates"][3]
    assert gate["latestExecution"]["status"] == "Failed"
    assert gate["actionStates"][0]["latestExecution"]["summary"] == "by Sam"
    assert events(server, stack, name) >= {("production-gate", "Approve", "FAILED"), ("", "", "FAILED")}


def test_an_action_that_fails(server: Server, stack: DeployedStack, approver: Any, name: str):
    execution = server.pipelines.fail(name, "Build", "Synth", message="no such file", url="https://example.test/log")
    (failed, _) = approver.list_action_executions(pipelineName=name)["actionExecutionDetails"]
    assert (failed["pipelineExecutionId"], failed["status"]) == (execution, "Failed")
    result = failed["output"]["executionResult"]
    assert result["errorDetails"]["message"] == "no such file"
    assert result["externalExecutionUrl"] == "https://example.test/log"
    assert events(server, stack, name) >= {("Build", "Synth", "FAILED"), ("", "", "FAILED")}


@PIPELINE_APPROVAL.deny(ANSWER)
@pytest.mark.parametrize("who", ["Onlooker", "OfAnotherStage"])
def test_who_may_not_approve_this_stage_does_not(server: Server, stack: DeployedStack, name: str, who: str):
    waiting = server.pipelines.wait_for_approval(name, "production-gate")
    with pytest.raises(ClientError, match=f"is not authorized to perform: {ANSWER}"):
        answer(Caller(server, stack.resource(who)).client("codepipeline"), name, waiting.token)
    assert server.decisions()[-1].resource.endswith(f":{name}/production-gate/Approve")


@PIPELINE_APPROVAL.deny(*LOOK)
def test_who_may_not_look_sees_nothing(server: Server, stack: DeployedStack, name: str):
    onlooker = Caller(server, stack.resource("Onlooker")).client("codepipeline")
    with pytest.raises(ClientError, match=f"is not authorized to perform: {LOOK[0]}"):
        onlooker.get_pipeline_state(name=name)
    with pytest.raises(ClientError, match=f"is not authorized to perform: {LOOK[1]}"):
        onlooker.list_action_executions(pipelineName=name)


def stages(*approvals: str) -> list[dict[str, Any]]:
    """As a template has them: a source, and a gate with approvals, whose order is that of RunOrder."""
    manual = {"Category": "Approval", "Owner": "AWS", "Provider": "Manual", "Version": "1"}
    source = {"Category": "Source", "Owner": "AWS", "Provider": "CodeStarSourceConnection", "Version": "1"}
    gate = [
        {"Name": each, "ActionTypeId": manual, "RunOrder": len(approvals) - number}
        for number, each in enumerate(approvals)
    ]
    return [
        {"Name": "Source", "Actions": [{"Name": "Repository", "ActionTypeId": source}]},
        {"Name": "Gate", "Actions": gate},
    ]


def test_a_pipeline_of_a_template(server: Server, tmp_path: Path):
    def resources(*approvals: str) -> dict[str, Any]:
        properties = {"Name": "OfTemplate", "RoleArn": arn_of("Role"), "Stages": stages(*approvals)}
        connection = {"ConnectionName": "github", "ProviderType": "GitHub"}
        return {
            "Role": role("codepipeline", allow("codeconnections:UseConnection")),
            "Connection": {"Type": "AWS::CodeConnections::Connection", "Properties": connection},
            "Pipeline": {"Type": "AWS::CodePipeline::Pipeline", "Properties": properties},
        }

    stack = deploy(server, tmp_path / "1", "OfTemplate", resources("Last", "First"))
    assert stack.resource("Pipeline") == "OfTemplate"
    assert stack.resource("Connection").startswith("arn:aws:codeconnections:us-east-1:123456789012:connection/")
    server.pipelines.wait_for_approval("OfTemplate", "Gate", "First")
    client = server.client("codepipeline")
    gate = client.get_pipeline_state(name="OfTemplate")["stageStates"][1]
    assert [action["actionName"] for action in gate["actionStates"]] == ["First", "Last"]
    again = deploy(server, tmp_path / "2", "OfTemplate", resources("Only"))
    assert again.resource("Connection") == stack.resource("Connection")
    gate = client.get_pipeline_state(name="OfTemplate")["stageStates"][1]
    assert [action["actionName"] for action in gate["actionStates"]] == ["Only"]
    server.destroy("OfTemplate")
    with pytest.raises(client.exceptions.PipelineNotFoundException):
        client.get_pipeline_state(name="OfTemplate")


class TestRefusals:
    # https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_PutApprovalResult.html#API_PutApprovalResult_Errors
    def test_another_token(self, server: Server, approver: Any, name: str):
        server.pipelines.wait_for_approval(name, "production-gate")
        with pytest.raises(approver.exceptions.InvalidApprovalTokenException):
            answer(approver, name, "00000000-0000-0000-0000-000000000000")

    def test_what_was_answered_already(self, server: Server, approver: Any, name: str):
        waiting = server.pipelines.wait_for_approval(name, "production-gate")
        answer(approver, name, waiting.token)
        with pytest.raises(approver.exceptions.ApprovalAlreadyCompletedException):
            answer(approver, name, waiting.token)

    def test_there_is_none(self, server: Server, name: str):
        client = server.client("codepipeline")
        with pytest.raises(client.exceptions.PipelineNotFoundException):
            client.get_pipeline_state(name="nothing")
        with pytest.raises(client.exceptions.StageNotFoundException):
            answer(client, name, "00000000-0000-0000-0000-000000000000", stageName="nothing")
        with pytest.raises(client.exceptions.ActionNotFoundException):
            answer(client, name, "00000000-0000-0000-0000-000000000000", actionName="nothing")

    def test_another_call(self, server: Server, name: str):
        with pytest.raises(ClientError, match="StartPipelineExecution is not emulated"):
            server.client("codepipeline").start_pipeline_execution(name=name)

    def test_what_a_test_cannot_mean(self, server: Server, name: str):
        with pytest.raises(EmulatorError, match="is no approval but of Deploy"):
            server.pipelines.wait_for_approval(name, "Staging", "Deploy")
        with pytest.raises(
            EmulatorError, match=f"pipeline {name} has no action Build/Approve; it has Source/Repository"
        ):
            server.pipelines.wait_for_approval(name, "Build")
        waiting = server.pipelines.wait_for_approval(name, "production-gate")
        with pytest.raises(EmulatorError, match="is at production-gate/Approve, InProgress"):
            server.pipelines.go_on(name, waiting.execution_id)
