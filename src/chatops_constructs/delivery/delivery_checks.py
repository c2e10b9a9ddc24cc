"""What a pipeline cannot be made of, told before anything is made."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aws_cdk import aws_codepipeline as codepipeline

from chatops_constructs._problems import Problems, matches
from chatops_constructs.delivery.cdk_synth import CdkSynth
from chatops_constructs.delivery.delivery_stage import DeliveryStage
from chatops_constructs.delivery.github_source import GitHubSource

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_StageDeclaration.html, less what a gate's name takes
# and what would be a word of `/deploy`.
STAGE_NAME = re.compile(r"(?!(?i:approve|reject|status)$)[A-Za-z0-9@_.-]{1,90}")
PIPELINE_NAME = re.compile(r"[A-Za-z0-9.@_-]{1,100}")
GATE = "-gate"
"""What the name of the pipeline's stage ends with in which everything happens that has to be before a deployment."""

# The pipeline's own stages.
TAKEN = ("source", "build", "updatepipeline", "assets")
MODES = (codepipeline.ExecutionMode.SUPERSEDED, codepipeline.ExecutionMode.QUEUED)


def check_parameters(
    problems: Problems,
    *,
    source: object,
    synth: object,
    pipeline_name: str | None,
    execution_mode: codepipeline.ExecutionMode,
) -> None:
    """Note what is wrong with everything but the stages."""
    problems.check(
        isinstance(source, GitHubSource), "source", source, "a GitHubSource", "write GitHubSource('acme/bots', …)"
    )
    problems.check(isinstance(synth, CdkSynth), "synth", synth, "a CdkSynth", "write CdkSynth.pip() or CdkSynth.uv()")
    if pipeline_name is not None:
        problems.check(
            matches(PIPELINE_NAME, pipeline_name),
            "pipeline_name",
            pipeline_name,
            "1 to 100 letters, digits and . @ _ -",
            "choose one, or leave it out",
            tokens=False,
        )
    problems.check(
        execution_mode in MODES,
        "execution_mode",
        execution_mode,
        "ExecutionMode.SUPERSEDED or QUEUED: of several at once nobody could say which an approval is about",
        "leave it out",
    )


def check_stages(problems: Problems, stages: Sequence[DeliveryStage], names: Sequence[str]) -> None:
    """Note what is wrong with the stages.

    Args:
        problems: Takes it.
        stages: The stages.
        names: The names of those of them that are stages.
    """
    problems.check(
        bool(stages) and all(isinstance(each, DeliveryStage) for each in stages),
        "stages",
        stages,
        "one DeliveryStage or more",
        "write stages=[DeliveryStage(BotsStage(self, 'staging')), …]",
    )
    for name in names:
        problems.check(
            matches(STAGE_NAME, name) and name.lower() not in TAKEN and not name.lower().endswith(GATE),
            "the name of a stage",
            name,
            f"1 to 90 letters, digits and . @ _ -, not ending with {GATE}, none of approve, reject, status, "
            f"{', '.join(TAKEN)}",
            "give the cdk.Stage another id",
            tokens=False,
        )
    lower = [name.lower() for name in names]
    for name in dict.fromkeys(name for name in lower if lower.count(name) > 1):
        problems.check(
            False, "stages", name, "each name once, in capital and small letters alike", "give one of them another id"
        )
    if stages and isinstance(stages[-1], DeliveryStage):
        problems.check(
            stages[-1].approval is not None,
            f"approval of the last stage ({names[-1]})" if names else "approval of the last stage",
            None,
            "True or False",
            "write approval=True, or approval=False if every push may go there without anybody looking",
        )


def check_places(problems: Problems, places: Mapping[str, tuple[str | None, str | None]]) -> None:
    """Note a stage whose secrets are to be checked, but nobody knows where.

    Args:
        problems: Takes it.
        places: By name the account and the region of such a stage.
    """
    for name, (account, region) in places.items():
        problems.check(
            bool(account and region),
            f"env of stage {name}",
            (account, region),
            "an account and a region, in which its secrets are looked for",
            "give the cdk.Stage an env, or write secrets_check=False",
        )
