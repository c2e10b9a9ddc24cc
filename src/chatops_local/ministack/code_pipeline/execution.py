"""One execution of a pipeline: how each of its actions is."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

IN_PROGRESS, SUCCEEDED, FAILED = "InProgress", "Succeeded", "Failed"


@dataclass(frozen=True)
class Action:
    """One action of a pipeline.

    Args:
        stage: its stage.
        name: its name in the stage.
        category: ``Source``, ``Build``, ``Deploy``, ``Approval`` and so on.
        provider: such as ``Manual``.
        owner: ``AWS`` or another one.
    """

    stage: str
    name: str
    category: str
    provider: str = ""
    owner: str = "AWS"

    @property
    def type_id(self) -> dict[str, str]:
        """What kind it is, as CodePipeline's API has it."""
        return {"category": self.category, "owner": self.owner, "provider": self.provider, "version": "1"}


@dataclass
class ActionExecution:
    """How an action went, or goes.

    Args:
        action: the action.
        status: ``InProgress``, ``Succeeded`` or ``Failed``.
        token: of an approval that waits.
        summary: what was said with an answer to it.
        message: why it failed.
        url: where it says more.
        variables: the output variables.
    """

    action: Action
    status: str
    token: str | None = None
    summary: str = ""
    message: str = ""
    url: str = ""
    variables: dict[str, str] = field(default_factory=dict)
    started: float = field(default_factory=time.time)
    changed: float = field(default_factory=time.time)
    id: str = field(default_factory=lambda: str(uuid4()))

    def end(self, status: str, **told: str) -> None:
        """Let it end so; an answered approval has no token any more."""
        self.status, self.token, self.changed = status, None, time.time()
        for name, value in told.items():
            setattr(self, name, value)

    def state(self) -> dict[str, Any]:
        """As ``GetPipelineState`` has it.

        https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ActionExecution.html
        """
        told = {"token": self.token, "summary": self.summary, "externalExecutionUrl": self.url}
        error = {"errorDetails": {"code": "JobFailed", "message": self.message}} if self.message else {}
        return {
            "actionExecutionId": self.id,
            "status": self.status,
            "lastStatusChange": self.changed,
            **{name: value for name, value in told.items() if value},
            **error,
        }

    def detail(self, execution_id: str, region: str) -> dict[str, Any]:
        """As ``ListActionExecutions`` has it.

        https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ActionExecutionDetail.html
        """
        result = {"externalExecutionId": self.id, "externalExecutionSummary": self.summary}
        told = {**result, "externalExecutionUrl": self.url} if self.url else result
        error = {"errorDetails": {"code": "JobFailed", "message": self.message}} if self.message else {}
        return {
            "pipelineExecutionId": execution_id,
            "actionExecutionId": self.id,
            "pipelineVersion": 1,
            "stageName": self.action.stage,
            "actionName": self.action.name,
            "startTime": self.started,
            "lastUpdateTime": self.changed,
            "status": self.status,
            "input": {"actionTypeId": self.action.type_id, "configuration": {}, "inputArtifacts": [], "region": region},
            "output": {
                "outputArtifacts": [],
                "executionResult": {**told, **error},
                "outputVariables": self.variables,
            },
        }


@dataclass
class Execution:
    """One execution of a pipeline."""

    id: str = field(default_factory=lambda: str(uuid4()))
    status: str = IN_PROGRESS
    actions: dict[tuple[str, str], ActionExecution] = field(default_factory=dict)
    started: float = field(default_factory=time.time)

    def status_of(self, stage: str) -> str | None:
        """The status of a stage; None if the execution has not come to it."""
        statuses = {each.status for (of, _), each in self.actions.items() if of == stage}
        return next((status for status in (FAILED, IN_PROGRESS, SUCCEEDED) if status in statuses), None)
