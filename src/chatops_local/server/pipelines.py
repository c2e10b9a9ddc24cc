"""Pipelines of CodePipeline on a running local cloud: a test says how far they are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chatops_local.server.emulator_process import EmulatorProcess

APPROVE = "Approve"


@dataclass(frozen=True)
class PendingApproval:
    """An approval that waits.

    Args:
        execution_id: of the pipeline's execution.
        stage: the pipeline's stage.
        action: the action in it.
        token: what CodePipeline wants back with the answer.
    """

    execution_id: str
    stage: str
    action: str
    token: str = field(repr=False)


class Pipelines:
    """Pipelines, which build and deploy nothing here: what they tell is real, and so is who may answer.

    Changes are events of ``aws.codepipeline`` on the default bus, as on AWS.
    """

    def __init__(self, process: EmulatorProcess, region: str) -> None:
        """Talk to the emulator's process; `region` is where pipelines are of which it is not said."""
        self._process = process
        self._region = region

    def add(
        self,
        name: str,
        stages: Mapping[str, Sequence[str]],
        *,
        approvals: Sequence[str] = (APPROVE,),
        region: str | None = None,
    ) -> str:
        """Let there be a pipeline, in place of one of that name.

        Args:
            name: its name.
            stages: by the names of its stages, in order, those of their actions; the first stage has the sources.
            approvals: which actions are manual approvals, by name.
            region: where it is. Default: the local cloud's own region.

        Returns:
            Its ARN.
        """
        given = [
            {"name": stage, "actions": list(actions), "approvals": list(approvals)} for stage, actions in stages.items()
        ]
        arn: str = self._call("register", name, region, stages=given)
        return arn

    def wait_for_approval(
        self,
        name: str,
        stage: str,
        action: str = APPROVE,
        *,
        source: Mapping[str, str] | None = None,
        region: str | None = None,
    ) -> PendingApproval:
        """Let an execution come as far as an approval, which waits from now on.

        Args:
            name: the pipeline.
            stage: the stage with the approval.
            action: the approval.
            source: output variables of the source, such as ``{"CommitId": "…", "AuthorEmail": "…"}``.
            region: where it is. Default: the local cloud's own region.

        Raises:
            EmulatorError: there is no such pipeline or action, or it is no approval.
        """
        told = {"stage": stage, "action": action, "source": dict(source or {})}
        execution_id, token = self._call("run_to", name, region, **told)
        return PendingApproval(execution_id, stage, action, token)

    def fail(
        self,
        name: str,
        stage: str,
        action: str,
        *,
        message: str = "the action failed",
        url: str = "",
        source: Mapping[str, str] | None = None,
        region: str | None = None,
    ) -> str:
        """Let an execution come as far as an action, which fails; the execution's id."""
        told = {"stage": stage, "action": action, "source": dict(source or {}), "message": message, "url": url}
        execution_id: str = self._call("run_to_failure", name, region, **told)
        return execution_id

    def succeed(self, name: str, *, source: Mapping[str, str] | None = None, region: str | None = None) -> str:
        """Let an execution go well from its beginning to its end, approvals too; its id."""
        execution_id: str = self._call("run", name, region, source=dict(source or {}))
        return execution_id

    def go_on(self, name: str, execution_id: str, *, region: str | None = None) -> None:
        """Let an execution whose approval was given go on, to the next approval or to its end."""
        self._call("go_on", name, region, execution=execution_id)

    def _call(self, what: str, name: str, region: str | None, **told: Any) -> Any:  # noqa: ANN401 - of any control
        return self._process.call(f"pipeline_{what}", name=name, region=region or self._region, **told)
