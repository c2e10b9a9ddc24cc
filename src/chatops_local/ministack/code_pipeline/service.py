"""The API of CodePipeline: https://docs.aws.amazon.com/codepipeline/latest/APIReference/Welcome.html."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from chatops_local.ministack.code_pipeline.errors import CodePipelineError
from chatops_local.ministack.code_pipeline.events import Events
from chatops_local.ministack.code_pipeline.execution import Action
from chatops_local.ministack.code_pipeline.pipeline import APPROVAL, SOURCE, Pipeline

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_PAGE = 100


class CodePipeline:
    """The pipelines of all regions of an account.

    Attributes:
        account: the account.
    """

    def __init__(self, account: str) -> None:
        """Start without pipelines."""
        self.account = account
        self._events = Events()
        self._pipelines: dict[str, Pipeline] = {}
        self._operations: dict[str, Callable[[Mapping[str, Any], str], dict[str, Any]]] = {
            "GetPipelineState": lambda request, region: self.pipeline(request.get("name"), region).state(),
            "ListActionExecutions": self._list_action_executions,
            "PutApprovalResult": self._put_approval_result,
        }

    def call(self, operation: str, request: Mapping[str, Any], region: str) -> dict[str, Any]:
        """Carry out an operation.

        Raises:
            CodePipelineError: it is refused.
        """
        if operation not in self._operations:
            known = ", ".join(self._operations)
            raise CodePipelineError("ValidationException", f"{operation} is not emulated; there are {known}")
        return self._operations[operation](request, region)

    def arn(self, name: str, region: str) -> str:
        """The ARN of a pipeline."""
        return f"arn:aws:codepipeline:{region}:{self.account}:{name}"

    def put(self, name: str, region: str, actions: list[Action]) -> str:
        """Let there be this pipeline, in place of one of that name; its ARN."""
        arn = self.arn(name, region)
        self._pipelines[arn] = Pipeline(arn, actions, self._events)
        return arn

    def remove(self, name: str, region: str) -> None:
        """Let there be no such pipeline."""
        self._pipelines.pop(self.arn(name, region), None)

    def pipeline(self, name: object, region: str) -> Pipeline:
        """The pipeline of that name.

        Raises:
            CodePipelineError: there is none.
        """
        found = self._pipelines.get(self.arn(str(name), region))
        if found is None:
            raise CodePipelineError(
                "PipelineNotFoundException", f"Account {self.account} does not have pipeline {name}."
            )
        return found

    def register(self, name: str, region: str, stages: list[dict[str, Any]]) -> str:
        """Put a pipeline of stages with the names of their actions; those of the first stage are its sources."""
        return self.put(
            name,
            region,
            [
                _action(stage["name"], action, stage["approvals"], is_first=number == 0)
                for number, stage in enumerate(stages)
                for action in stage["actions"]
            ],
        )

    def _put_approval_result(self, request: Mapping[str, Any], region: str) -> dict[str, Any]:
        result = request["result"]
        approved_at = self.pipeline(request["pipelineName"], region).answer(
            request["stageName"], request["actionName"], request["token"], result["status"], result["summary"]
        )
        return {"approvedAt": approved_at}

    def _list_action_executions(self, request: Mapping[str, Any], region: str) -> dict[str, Any]:
        execution = (request.get("filter") or {}).get("pipelineExecutionId")
        details = self.pipeline(request.get("pipelineName"), region).details(execution)
        begin, size = _place(request.get("nextToken")), int(request.get("maxResults") or _PAGE)
        rest = {"nextToken": _token(begin + size)} if begin + size < len(details) else {}
        return {"actionExecutionDetails": details[begin : begin + size], **rest}


def _action(stage: str, name: str, approvals: list[str], *, is_first: bool) -> Action:
    if name in approvals:
        return Action(stage, name, APPROVAL, "Manual")
    return Action(stage, name, SOURCE, "CodeStarSourceConnection") if is_first else Action(stage, name, "Deploy")


def _token(place: int) -> str:
    return base64.b64encode(str(place).encode()).decode()


def _place(token: str | None) -> int:
    return int(base64.b64decode(token)) if token else 0
