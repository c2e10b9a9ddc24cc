"""The check that all stages of an app are the same."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

from chatops_constructs.stages.clashes import clashes
from chatops_constructs.stages.comparison import compared
from chatops_constructs.stages.stages import SettledStage
from chatops_constructs.stages.strangers import strangers
from chatops_constructs.stages.synthesised import read_stages

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import aws_cdk as cdk
    from constructs import IConstruct

    from chatops_constructs.stages.difference import Difference
    from chatops_constructs.stages.finding import Finding
    from chatops_constructs.stages.stage_pair import Settings
    from chatops_constructs.stages.synthesised import SynthesisedStage

# Of which stacks the command line of CDK wants assets to be built: with `cdk deploy "staging/*"`, of that stage only.
# https://github.com/aws/aws-cdk/blob/main/packages/aws-cdk-lib/cx-api/lib/app.ts
_BUNDLED = "aws:cdk:bundling-stacks"
_EVERYTHING = ["**"]
_OF_EVERY_STAGE = {"name", "account", "region"}


def assert_stage_parity(
    app: cdk.App | Path | str, *, differences: Sequence[Difference] = (), stages: Sequence[str] = ()
) -> None:
    """Fail unless all stages of an app have the same stacks with the same resources and properties.

    May differ: the stage's name, its account and its region, wherever they appear, the values of its `StageSettings`,
    the hashes of what is made of these, and what is declared. Everything else is found, and so is what hides a
    difference: a name that both stages ask for and one gets, and a value of one stage in another.

    Call it in a test, or at the end of `app.py` instead of `app.synth()`: then `cdk synth` fails.

    Example:
        import aws_cdk as cdk
        from chatops_constructs import Difference, Stages, StageSettings, assert_stage_parity

        app = cdk.App()
        Stages(
            app,
            build=lambda stage, settings: cdk.Stack(stage, "Bots"),
            settings=[
                StageSettings(name="staging", account="111122223333", region="eu-central-1"),
                StageSettings(name="production", account="444455556666", region="eu-central-1"),
            ],
        )
        assert_stage_parity(app)

    Args:
        app: The app, which is synthesised; or the folder that it was synthesised to, of which the settings are not
            known: their values are differences.
        differences: What may differ besides, each with its reason. Default: nothing.
        stages: The names of those that are compared, the first with each of the others. Default: all of the app.

    Raises:
        AssertionError: They differ where it is not declared, or do not where it is; the text has every place.
        ValueError: There are less than two stages, or no stage has one of the names.
    """
    if isinstance(app, Path | str):
        found = _chosen(read_stages(Path(app)), stages)
        settings: dict[str, Settings] = {}
        has_assets = True
    else:
        found = _chosen(read_stages(Path(app.synth().directory)), stages)
        settings = _settings(app, found)
        has_assets = app.node.try_get_context(_BUNDLED) in (None, _EVERYTHING)
    findings = _once([*compared(found, settings, has_assets=has_assets), *clashes(found), *strangers(found, settings)])
    undeclared = [one for one in findings if not any(one.is_meant_by(each) for each in differences)]
    stale = [each for each in differences if not any(one.is_meant_by(each) for one in findings)]
    if undeclared or stale:
        raise AssertionError(_message([stage.name for stage in found], undeclared, stale))


def _chosen(there: list[SynthesisedStage], names: Sequence[str]) -> list[SynthesisedStage]:
    by_name = {stage.name: stage for stage in there}
    missing = [name for name in names if name not in by_name]
    if missing:
        raise ValueError(
            f"assert_stage_parity: stages has {missing}; the app has {list(by_name)}: correct the names, or build them"
        )
    chosen = [by_name[name] for name in names] or there
    if len(chosen) < 2:
        raise ValueError(
            f"assert_stage_parity: {len(chosen)} stages to compare: build two or more, with Stages or as cdk.Stage"
        )
    return chosen


def _settings(app: cdk.App, stages: Iterable[SynthesisedStage]) -> dict[str, Settings]:
    settings: dict[str, Settings] = {}
    for stage in stages:
        construct: IConstruct = app
        for id in stage.path.split("/"):
            construct = construct.node.find_child(id)
        if isinstance(construct, SettledStage):
            values = {field.name: getattr(construct.settings, field.name) for field in fields(construct.settings)}
            settings[stage.name] = {
                name: "" if value is None else str(value)
                for name, value in values.items()
                if name not in _OF_EVERY_STAGE and (value is None or isinstance(value, str | int | float))
            }
    return settings


def _once(findings: Iterable[Finding]) -> list[Finding]:
    """One finding for each place: the first one says the most."""
    by_place: dict[tuple[str, str], Finding] = {}
    for one in findings:
        by_place.setdefault((one.path, one.property), one)
    return list(by_place.values())


def _message(names: Sequence[str], undeclared: Sequence[Finding], stale: Sequence[Difference]) -> str:
    which = f"{', '.join(names[:-1])} and {names[-1]}"
    parts = []
    if undeclared:
        parts.append(f"the stages {which} are not the same: {len(undeclared)} undeclared")
        parts.extend(str(one) for one in undeclared)
    if stale:
        parts.append(f"declared, but the stages {which} do not differ so: remove, or correct the path")
        parts.extend(f'Difference("{one.path}", …, reason="{one.reason}")' for one in stale)
    return "\n\n".join(parts)
