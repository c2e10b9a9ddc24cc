"""Names that two stages cannot both have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_constructs.stages.comparison import STACK
from chatops_constructs.stages.finding import Finding
from chatops_constructs.stages.synthesised import OUTPUTS
from chatops_constructs.stages.unique_names import UNIQUE_NAMES, Reach

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chatops_constructs.stages.flat import Flat
    from chatops_constructs.stages.synthesised import Element, SynthesisedStack, SynthesisedStage

_EXPORT = "Export.Name"
_STACK_NAME = "stack_name"


def clashes(stages: Sequence[SynthesisedStage]) -> Iterator[Finding]:
    """The names that are written so that two stages ask for the same one, where it exists once.

    Args:
        stages: Two or more.
    """
    takers: dict[tuple[str, ...], tuple[str, str]] = {}
    for stage in stages:
        for stack in stage.stacks:
            for path, kind, place, name, reach in _names(stack):
                key = (kind, name, *_place(stack, reach))
                owner, _ = takers.setdefault(key, (stage.name, path))
                if owner != stage.name:
                    remedy = (
                        f"within {reach.value} the name is taken once: leave it out and have one made, "
                        "or begin it with settings.prefix"
                    )
                    yield Finding(path, kind, place, remedy, {owner: name, stage.name: name})


def _names(stack: SynthesisedStack) -> Iterator[tuple[str, str, str, str, Reach]]:
    yield stack.path, STACK, _STACK_NAME, stack.name, Reach.REGION
    for element in stack.elements:
        if element.type == OUTPUTS:
            place, reach = _EXPORT, Reach.REGION
        elif element.type in UNIQUE_NAMES:
            place, reach = UNIQUE_NAMES[element.type]
        else:
            continue
        name = _written(element, place, stack)
        if name is not None:
            yield element.path, element.type, place, name, reach


def _written(element: Element, place: str, stack: SynthesisedStack) -> str | None:
    """A name as it is in the end, if that is known."""
    value: Flat = element.content
    for key in place.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    if not isinstance(value, str):
        return None
    known = {"AccountId": stack.account, "Region": stack.region, "StackName": stack.name, "Partition": "aws"}
    for pseudo, word in known.items():
        value = value.replace(f"${{AWS::{pseudo}}}", word)
    return None if "${" in value else value


def _place(stack: SynthesisedStack, reach: Reach) -> tuple[str, ...]:
    place = (stack.account, stack.region)
    return place[: {Reach.WORLD: 0, Reach.ACCOUNT: 1, Reach.REGION: 2}[reach]]
