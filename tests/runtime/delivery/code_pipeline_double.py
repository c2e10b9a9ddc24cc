"""CodePipeline behind a real client of boto3: what is asked and what is answered both keep to the service's model."""

from __future__ import annotations

import json
from typing import Any

import boto3
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.validate import validate_parameters

NAME = "Tools_Delivery_1A2B3C4D"
ARN = f"arn:aws:codepipeline:us-east-1:111111111111:{NAME}"
STAGES = {"staging": "staging-gate", "production": "production-gate"}
FIRST = "11111111-aaaa-4aaa-8aaa-aaaaaaaaaaaa"
SECOND = "22222222-bbbb-4bbb-8bbb-bbbbbbbbbbbb"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
LINK = "https://us-east-1.console.aws.amazon.com/codesuite/settings/connections/redirect?Commit=0123456"

ADA = {"AuthorDisplayName": "Ada", "AuthorEmail": "Ada@example.com", "AuthorId": "ada"}


class CodePipelineDouble:
    """One pipeline, with approvals that wait, and commits."""

    def __init__(self) -> None:
        self.client: Any = boto3.client(
            "codepipeline", region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test"
        )
        self.client.meta.events.register("before-send.codepipeline", self._answer)
        self.waiting: dict[str, tuple[str, str]] = {}
        """By the pipeline's stage the execution and the token."""
        self.statuses: dict[str, tuple[str, str]] = {"Source": ("Succeeded", FIRST)}
        """By the pipeline's stage the status and the execution."""
        self.commits: dict[str, dict[str, str]] = {}
        """By the execution the variables of the source action."""
        self.failed: dict[str, dict[str, Any]] = {}
        """By the execution what the action that failed says."""
        self.given: list[dict[str, Any]] = []
        self.failures: dict[str, str] = {}
        """By operation the error that it answers with."""
        self.calls: list[str] = []
        self.page = 100
        """Actions on a page."""

    def wait(self, stage: str = "production", execution: str = FIRST, **author: str) -> str:
        """Have an execution wait for an approval; the token."""
        token = f"{len(self.given):08d}-0000-4000-8000-{len(self.waiting):012d}"
        self.waiting[STAGES[stage]] = (execution, token)
        self.commits[execution] = {
            "CommitId": COMMIT,
            "CommitMessage": "Mend the bot\n\nIt was broken.",
            "FullRepositoryName": "acme/bots",
            "BranchName": "main",
            **(author or ADA),
        }
        return token

    def _answer(self, request: Any, **_: Any) -> AWSResponse:
        operation = request.headers["X-Amz-Target"].decode().rpartition(".")[2]
        self.calls.append(operation)
        code = self.failures.get(operation)
        body = {"__type": code, "message": "no"} if code else getattr(self, operation)(json.loads(request.body))
        if not code:
            shape = self.client.meta.service_model.operation_model(operation).output_shape
            validate_parameters(body, shape)
        headers = HTTPHeaders.from_dict({"x-amzn-RequestId": "1"})
        raw = _Raw(json.dumps(body).encode())
        return AWSResponse(request.url, 400 if code else 200, headers, raw)

    def GetPipelineState(self, asked: dict[str, Any]) -> dict[str, Any]:  # noqa: N802 - AWS's name
        assert asked == {"name": NAME}
        names = [*self.statuses, *(gate for gate in STAGES.values() if gate not in self.statuses)]
        return {"pipelineName": NAME, "stageStates": [self._stage(name) for name in names]}

    def _stage(self, name: str) -> dict[str, Any]:
        if name in self.waiting:
            execution, token = self.waiting[name]
            actions = [
                {"actionName": "Secrets", "latestExecution": {"status": "Succeeded"}},
                {"actionName": "Approve", "latestExecution": {"status": "InProgress", "token": token}},
            ]
            latest = {"pipelineExecutionId": execution, "status": "InProgress"}
            return {"stageName": name, "actionStates": actions, "latestExecution": latest}
        if name in self.statuses:
            status, execution = self.statuses[name]
            return {"stageName": name, "latestExecution": {"pipelineExecutionId": execution, "status": status}}
        return {"stageName": name, "actionStates": [{"actionName": "Approve"}]}

    def ListActionExecutions(self, asked: dict[str, Any]) -> dict[str, Any]:  # noqa: N802 - AWS's name
        assert asked["pipelineName"] == NAME
        actions = self._actions(asked["filter"]["pipelineExecutionId"])
        start = int(asked.get("nextToken", "0"))
        page = {"actionExecutionDetails": actions[start : start + self.page]}
        return page if start + self.page >= len(actions) else {**page, "nextToken": str(start + self.page)}

    def _actions(self, execution: str) -> list[dict[str, Any]]:
        """The latest first."""
        actions = [_action("Build", "Synth", "Build")]
        if execution in self.failed:
            result = {"executionResult": self.failed[execution]} if self.failed[execution] else {}
            actions.insert(0, _action("staging", "Deploy", "Deploy", status="Failed", output=result))
        if execution in self.commits:
            output = {
                "outputVariables": self.commits[execution],
                "executionResult": {"externalExecutionId": COMMIT, "externalExecutionUrl": LINK},
            }
            actions.append(_action("Source", "GitHub", "Source", output=output))
        return actions

    def PutApprovalResult(self, asked: dict[str, Any]) -> dict[str, Any]:  # noqa: N802 - AWS's name
        self.given.append(asked)
        execution, token = self.waiting.pop(asked["stageName"])
        assert (asked["pipelineName"], asked["actionName"], asked["token"]) == (NAME, "Approve", token)
        self.statuses[asked["stageName"]] = ("Succeeded", execution)
        return {}


class _Raw:
    """A body as botocore reads it."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self, **_: Any) -> list[bytes]:
        return [self._content]


def _action(stage: str, name: str, category: str, **more: Any) -> dict[str, Any]:
    kind = {"category": category, "owner": "AWS", "provider": "Any", "version": "1"}
    return {"stageName": stage, "actionName": name, "status": "Succeeded", "input": {"actionTypeId": kind}, **more}
