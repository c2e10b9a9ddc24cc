"""What is not alike in all stages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_constructs.stages.finding import Finding
from chatops_constructs.stages.stage_pair import StagePair

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from chatops_constructs.stages.correspondence import Place, Value
    from chatops_constructs.stages.stage_pair import Settings
    from chatops_constructs.stages.synthesised import SynthesisedStage

STACK = "stack"
SETTING = "setting"

_ONLY_IN_SOME = "make it in every stage"
_DIFFERENT = "make it the same, or a field of the stages' settings"
_WITHOUT_PLACE = "give the stage an account and a region, as StageSettings or env= of cdk.Stage"
_NOT_SET = "set it in every stage"


def compared(
    stages: Sequence[SynthesisedStage], settings: Mapping[str, Settings], *, has_assets: bool
) -> list[Finding]:
    """What differs between the first stage and each of the others.

    Args:
        stages: Two or more.
        settings: By stage what its settings are, if they are known: their values may differ.
        has_assets: Whether the assets of all stages were built; otherwise folders among them are not compared.
    """
    first, *others = stages
    pairs = {other.name: StagePair(first, other, settings, has_assets=has_assets) for other in others}
    return [
        *_without_place(stages),
        *_settings_of_some(settings),
        *_in_some_only(stages, pairs),
        *_different(first.name, pairs),
    ]


def _without_place(stages: Sequence[SynthesisedStage]) -> Iterator[Finding]:
    for stage in stages:
        for stack in stage.stacks:
            if not (stack.account and stack.region):
                place: dict[str, Value] = {
                    stage.name: f"account {stack.account or 'unknown'}, region {stack.region or 'unknown'}"
                }
                yield Finding(stack.path, STACK, "environment", _WITHOUT_PLACE, place)


def _settings_of_some(settings: Mapping[str, Settings]) -> Iterator[Finding]:
    for name in sorted(set().union(*settings.values())):
        having = tuple(stage for stage, values in settings.items() if values.get(name))
        if len(having) not in (0, len(settings)):
            yield Finding(f"settings/{name}", SETTING, "", _NOT_SET, only_in=having)


def _in_some_only(stages: Sequence[SynthesisedStage], pairs: Mapping[str, StagePair]) -> Iterator[Finding]:
    types: dict[str, str] = {}
    having: dict[str, list[str]] = {}
    for stage in stages:
        pair = pairs.get(stage.name)
        called = {theirs.path: mine.path for mine, theirs in pair.elements} if pair else {}
        for stack in stage.stacks:
            types.setdefault(stack.path, STACK)
            having.setdefault(stack.path, []).append(stage.name)
            for element in stack.elements:
                path = called.get(element.path, element.path)
                types.setdefault(path, element.type)
                having.setdefault(path, []).append(stage.name)
    partly = {path: tuple(names) for path, names in having.items() if len(names) < len(stages)}
    for path, names in sorted(partly.items()):
        # What is below it is missing with it.
        if not any(partly.get(above) == names for above in _above(path)):
            yield Finding(path, types[path], "", _ONLY_IN_SOME, only_in=names)


def _above(path: str) -> Iterator[str]:
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def _different(first: str, pairs: Mapping[str, StagePair]) -> list[Finding]:
    found: dict[tuple[str, str], Finding] = {}
    for name, pair in pairs.items():
        for path, kind, (where, mine, theirs) in _places(pair):
            one = found.setdefault((path, where), Finding(path, kind, where, _DIFFERENT, {first: mine}))
            one.values[name] = theirs
    return list(found.values())


def _places(pair: StagePair) -> Iterator[tuple[str, str, Place]]:
    for one, other in pair.stacks:
        for place in pair.differences_of_stacks(one, other):
            yield one.path, STACK, place
    for mine, theirs in pair.elements:
        for place in pair.differences(mine, theirs):
            yield mine.path, mine.type, place
