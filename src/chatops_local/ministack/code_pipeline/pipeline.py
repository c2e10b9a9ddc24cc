"""One pipeline: its stages, and how far its executions have come. It goes on when it is told to."""

from __future__ import annotations

import itertools
import threading
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from chatops_local.ministack.code_pipeline.errors import CodePipelineError
from chatops_local.ministack.code_pipeline.execution import (
    FAILED,
    IN_PROGRESS,
    SUCCEEDED,
    Action,
    ActionExecution,
    Execution,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from chatops_local.ministack.code_pipeline.events import Events

APPROVAL, SOURCE = "Approval", "Source"
_APPROVED = "Approved"


class Pipeline:
    """A pipeline; safe to use from several threads.

    Attributes:
        arn: its ARN, in which there is no word before the name.
    """

    def __init__(self, arn: str, actions: Iterable[Action], events: Events) -> None:
        """Start without executions."""
        self.arn = arn
        self._actions = list(actions)
        self._events = events
        self._executions: list[Execution] = []
        self._lock = threading.RLock()

    @property
    def name(self) -> str:
        """Its name."""
        return self.arn.rpartition(":")[2]

    def change(self, actions: Iterable[Action]) -> None:
        """Let it have other actions from now on; what has run stays as it was."""
        with self._lock:
            self._actions = list(actions)

    @property
    def _stages(self) -> list[str]:
        return list(dict.fromkeys(action.stage for action in self._actions))

    def run_to(self, stage: str, action: str, source: Mapping[str, str]) -> tuple[str, str]:
        """Start an execution that comes as far as an approval, which waits; its id, and the approval's token.

        Args:
            stage: the stage of the approval.
            action: its name.
            source: output variables of the source action.
        """
        with self._lock:
            approval = self._action(stage, action)
            if approval.category != APPROVAL:
                raise ValueError(f"action {action!r} of stage {stage!r} is no approval but of {approval.category}")
            execution = self._start(itertools.takewhile(lambda each: each != approval, self._actions), source)
            return execution.id, self._wait(execution, approval)

    def run_to_failure(self, stage: str, action: str, source: Mapping[str, str], message: str, url: str) -> str:
        """Start an execution that comes as far as an action, which fails; its id."""
        with self._lock:
            failing = self._action(stage, action)
            execution = self._start(itertools.takewhile(lambda each: each != failing, self._actions), source)
            failed = ActionExecution(failing, FAILED, message=message, url=url)
            execution.actions[stage, action] = failed
            self._events.of_action(self, execution, failed, "FAILED")
            self._end(execution, FAILED)
            return execution.id

    def run(self, source: Mapping[str, str]) -> str:
        """Start an execution in which everything goes well, approvals too; its id."""
        with self._lock:
            execution = self._start(self._actions, source)
            self._end(execution, SUCCEEDED)
            return execution.id

    def go_on(self, execution_id: str) -> None:
        """Let what comes after an approval that was given go well, to the next approval, or to the end."""
        with self._lock:
            execution = self._execution(execution_id)
            for action in self._actions:
                known = execution.actions.get((action.stage, action.name))
                if known is not None and known.status != SUCCEEDED:
                    raise ValueError(f"execution {execution_id} is at {action.stage}/{action.name}, {known.status}")
                if known is None and action.category == APPROVAL:
                    self._wait(execution, action)
                    return
                execution.actions.setdefault((action.stage, action.name), ActionExecution(action, SUCCEEDED))
            self._end(execution, SUCCEEDED)

    def answer(self, stage: str, action: str, token: str, status: str, summary: str) -> float:
        """Take the answer to an approval; when, in Unix time.

        https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_PutApprovalResult.html

        Raises:
            CodePipelineError: there is no such stage or action, or nothing waits for that token.
        """
        with self._lock:
            self._require(stage, action)
            found = [
                (each, each.actions[stage, action]) for each in self._executions if (stage, action) in each.actions
            ]
            waiting = next(((each, approval) for each, approval in found if approval.token == token), None)
            if waiting is None and any(approval.token is None for _, approval in found):
                raise CodePipelineError(
                    "ApprovalAlreadyCompletedException", "The approval action has already been completed."
                )
            if waiting is None:
                raise CodePipelineError("InvalidApprovalTokenException", "The approval token is not valid.")
            execution, approval = waiting
            succeeded = status == _APPROVED
            approval.end(SUCCEEDED if succeeded else FAILED, summary=summary)
            self._events.of_action(self, execution, approval, "SUCCEEDED" if succeeded else "FAILED")
            if not succeeded:
                self._end(execution, FAILED)
            return approval.changed

    def state(self) -> dict[str, Any]:
        """As ``GetPipelineState`` has it.

        https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_GetPipelineState.html
        """
        with self._lock:
            return {
                "pipelineName": self.name,
                "pipelineVersion": 1,
                "stageStates": [self._stage_state(stage) for stage in self._stages],
            }

    def details(self, execution_id: str | None) -> list[dict[str, Any]]:
        """As ``ListActionExecutions`` has them, the latest first."""
        region = self.arn.split(":")[3]
        with self._lock:
            return [
                action.detail(execution.id, region)
                for execution in reversed(self._executions)
                if execution_id in (None, execution.id)
                for action in reversed(execution.actions.values())
            ]

    def _start(self, succeeded: Iterable[Action], source: Mapping[str, str]) -> Execution:
        execution = Execution()
        for action in succeeded:
            done = ActionExecution(action, SUCCEEDED, variables=dict(source) if action.category == SOURCE else {})
            execution.actions[action.stage, action.name] = done
        self._executions.append(execution)
        self._events.of_pipeline(self, execution, "STARTED")
        return execution

    def _wait(self, execution: Execution, approval: Action) -> str:
        """Let an approval wait; its token."""
        token = str(uuid4())
        waiting = ActionExecution(approval, IN_PROGRESS, token=token)
        execution.actions[approval.stage, approval.name] = waiting
        self._events.of_action(self, execution, waiting, "STARTED")
        return token

    def _end(self, execution: Execution, status: str) -> None:
        execution.status = status
        self._events.of_pipeline(self, execution, status.upper())

    def _stage_state(self, stage: str) -> dict[str, Any]:
        latest = next(self._latest_of(stage), None)
        status = latest and latest.status_of(stage)
        execution = {"pipelineExecutionId": latest.id, "status": status} if latest else None
        return {
            "stageName": stage,
            "inboundTransitionState": {"enabled": True},
            "actionStates": [self._action_state(action, latest) for action in self._actions if action.stage == stage],
            **({"latestExecution": execution} if execution else {}),
        }

    def _action_state(self, action: Action, latest: Execution | None) -> dict[str, Any]:
        known = latest and latest.actions.get((action.stage, action.name))
        return {"actionName": action.name, **({"latestExecution": known.state()} if known else {})}

    def _latest_of(self, stage: str) -> Iterator[Execution]:
        return (execution for execution in reversed(self._executions) if execution.status_of(stage) is not None)

    def _execution(self, execution_id: str) -> Execution:
        for execution in self._executions:
            if execution.id == execution_id:
                return execution
        raise ValueError(f"pipeline {self.name} has no execution {execution_id!r}")

    def _action(self, stage: str, name: str) -> Action:
        found = next((each for each in self._actions if (each.stage, each.name) == (stage, name)), None)
        if found is None:
            there = ", ".join(f"{each.stage}/{each.name}" for each in self._actions)
            raise ValueError(f"pipeline {self.name} has no action {stage}/{name}; it has {there}")
        return found

    def _require(self, stage: str, action: str) -> None:
        if stage not in self._stages:
            raise CodePipelineError("StageNotFoundException", f"Stage {stage} was not found in pipeline {self.name}.")
        if not any((each.stage, each.name) == (stage, action) for each in self._actions):
            raise CodePipelineError("ActionNotFoundException", f"Action {action} was not found in stage {stage}.")
