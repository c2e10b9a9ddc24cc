"""What CodePipeline says of the pipeline, and what it is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chatops_runtime.contracts.delivery import APPROVE
from chatops_runtime.delivery.commit import Commit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

IN_PROGRESS = "InProgress"
FAILED = "Failed"
_SOURCE = "Source"


@dataclass(frozen=True)
class Waiting:
    """An approval that waits.

    Attributes:
        name: Of the stage that it lets go on, as people type it.
        stage: The pipeline's stage with the approval.
        execution: The pipeline execution's id.
        token: Of this one request, which CodePipeline wants back with the answer.
    """

    name: str
    stage: str
    execution: str
    token: str

    def __repr__(self) -> str:
        """Without the token."""
        return f"Waiting({self.name!r}, {self.execution!r})"


@dataclass(frozen=True)
class StageState:
    """How a stage of the pipeline is.

    Attributes:
        name: Its name in the pipeline.
        status: CodePipeline's word for its last execution; empty: there was none.
        execution: The id of that one.
    """

    name: str
    status: str
    execution: str


@dataclass(frozen=True)
class FailedAction:
    """The action that an execution failed in.

    Attributes:
        stage: The pipeline's stage.
        name: The action.
        reason: What it says; may be empty.
        url: Where it says more; may be empty.
    """

    stage: str
    name: str
    reason: str
    url: str


class Pipeline:
    """One pipeline."""

    def __init__(self, client: Any, name: str, stages: Mapping[str, str]) -> None:  # noqa: ANN401 - it has no type
        """Without asking anything yet.

        Args:
            client: boto3's of CodePipeline.
            name: The pipeline's name.
            stages: By what people type, the pipeline's stage with the approval.
        """
        self._client = client
        self._name = name
        self._gates = dict(stages)

    @property
    def names(self) -> tuple[str, ...]:
        """What people may type for a stage, in the pipeline's order."""
        return tuple(self._gates)

    def look(self) -> tuple[list[StageState], list[Waiting]]:
        """How each stage is, and what waits for an approval.

        https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_GetPipelineState.html
        """
        states = self._client.get_pipeline_state(name=self._name)["stageStates"]
        waiting = [found for name, gate in self._gates.items() for found in _waiting(name, gate, states)]
        return [_stage_state(state) for state in states], waiting

    def answer(self, waiting: Waiting, *, approved: bool, summary: str) -> None:
        """Approve or reject what waits: the request that was looked at, and no later one, by its token.

        https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_PutApprovalResult.html
        """
        self._client.put_approval_result(
            pipelineName=self._name,
            stageName=waiting.stage,
            actionName=APPROVE,
            result={"summary": summary, "status": "Approved" if approved else "Rejected"},
            token=waiting.token,
        )

    def commit_of(self, execution: str) -> Commit:
        """The commit of an execution; an empty one if its source action says none."""
        for action in self._actions(execution):
            if action.get("input", {}).get("actionTypeId", {}).get("category") == _SOURCE:
                return Commit.of_source(action.get("output", {}))
        return Commit()

    def failed_action(self, execution: str) -> FailedAction | None:
        """The last action of an execution that failed."""
        for action in self._actions(execution):
            if action.get("status") == FAILED:
                result = action.get("output", {}).get("executionResult", {})
                error = result.get("errorDetails", {})
                reasons = (error.get("message"), result.get("externalExecutionSummary"), error.get("code"))
                return FailedAction(
                    action.get("stageName", ""),
                    action.get("actionName", ""),
                    next(filter(None, reasons), ""),
                    result.get("externalExecutionUrl", ""),
                )
        return None

    def _actions(self, execution: str) -> Iterator[Mapping[str, Any]]:
        """The latest first: https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ListActionExecutions.html."""
        pages = self._client.get_paginator("list_action_executions").paginate(
            pipelineName=self._name, filter={"pipelineExecutionId": execution}
        )
        for page in pages:
            yield from page["actionExecutionDetails"]


def _waiting(name: str, gate: str, states: list[Any]) -> Iterator[Waiting]:
    for state in states:
        if state.get("stageName") != gate:
            continue
        for action in state.get("actionStates", []):
            latest = action.get("latestExecution", {})
            if action.get("actionName") == APPROVE and latest.get("status") == IN_PROGRESS and latest.get("token"):
                yield Waiting(name, gate, state["latestExecution"]["pipelineExecutionId"], latest["token"])


def _stage_state(state: Mapping[str, Any]) -> StageState:
    latest = state.get("latestExecution", {})
    return StageState(state.get("stageName", ""), latest.get("status", ""), latest.get("pipelineExecutionId", ""))
