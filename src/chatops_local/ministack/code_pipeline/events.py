"""What CodePipeline tells EventBridge.

https://docs.aws.amazon.com/codepipeline/latest/userguide/detect-state-changes-cloudwatch-events.html
"""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from chatops_local.ministack.service_events import ServiceEvents

if TYPE_CHECKING:
    from chatops_local.ministack.code_pipeline.execution import ActionExecution, Execution
    from chatops_local.ministack.code_pipeline.pipeline import Pipeline

SOURCE = "aws.codepipeline"


class Events:
    """Changes of executions and of their actions."""

    def __init__(self) -> None:
        """Start with none."""
        self._of_pipelines = ServiceEvents(SOURCE, "CodePipeline Pipeline Execution State Change")
        self._of_actions = ServiceEvents(SOURCE, "CodePipeline Action Execution State Change")

    def of_pipeline(self, pipeline: Pipeline, execution: Execution, state: str) -> None:
        """An execution is in another state now."""
        detail = {**_common(pipeline, execution, execution.started), "state": state}
        self._of_pipelines.put(pipeline.arn, detail)

    def of_action(self, pipeline: Pipeline, execution: Execution, action: ActionExecution, state: str) -> None:
        """An action is in another state now."""
        of, type_id = action.action, action.action.type_id
        detail: dict[str, Any] = {
            **_common(pipeline, execution, action.started),
            "stage": of.stage,
            "action": of.name,
            "action-execution-id": action.id,
            "state": state,
            "region": pipeline.arn.split(":")[3],
            "type": type_id,
        }
        if state == "FAILED":
            detail["execution-result"] = {"external-execution-summary": action.message or action.summary}
        self._of_actions.put(pipeline.arn, detail)


def _common(pipeline: Pipeline, execution: Execution, started: float) -> dict[str, Any]:
    return {
        "pipeline": pipeline.name,
        "execution-id": execution.id,
        "start-time": f"{datetime.fromtimestamp(started, timezone.utc):%Y-%m-%dT%H:%M:%SZ}",
        "version": 1.0,
        "pipeline-execution-attempt": 1.0,
    }
