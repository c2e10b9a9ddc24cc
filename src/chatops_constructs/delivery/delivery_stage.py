"""One stage of a delivery."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import Stage
    from aws_cdk.pipelines import Step


@dataclass(frozen=True)
class DeliveryStage:
    """Where the app goes, and what has to happen before and after that.

    Example:
        from aws_cdk.pipelines import ShellStep
        from chatops_constructs import DeliveryStage

        production = DeliveryStage(
            BotsStage(self, "production"), approval=True, after=[ShellStep("Smoke", commands=["curl --fail https://…"])]
        )

    Attributes:
        stage: The stage of the app.
        approval: Whether somebody has to approve before anything of the stage is touched. The last stage has to say
            one or the other. Default: for the others, no.
        before: Steps that have to succeed before the approval is asked for. Default: none.
        after: Steps that have to succeed after the deployment, such as tests of what was deployed. Default: none.
        secrets_check: Whether it is checked first that every secret that the stage's functions declare is in the
            stage's account: `chatops-constructs secrets check`. Default: True.
        roll_back: Whether CodePipeline brings back the last execution that succeeded in this stage, if the deployment
            or a step in `after` fails: one that ran in the pipeline as it is now. CloudFormation brings back a stack
            whose own update failed, with or without it. Default: False.
    """

    stage: Stage
    _: KW_ONLY
    approval: bool | None = None
    before: Sequence[Step] = ()
    after: Sequence[Step] = ()
    secrets_check: bool = True
    roll_back: bool = False
