"""Which instances an app expects: read from the tag targets in its state machines."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chatops_local.server import definitions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

INSTANCES_PER_TAG = 2

_LISTS_OF_TARGETS = ("Filters", "Targets")
_TAG = "tag:"
_FILLED_IN_LATER = "${"
"""Begins what CloudFormation fills in."""
_EXPRESSION = "{%"


class NoSuchInstanceError(LookupError):
    """No instance has that name. The text lists those that there are."""


@dataclass(frozen=True)
class InstanceSpec:
    """One instance to start."""

    name: str
    tags: dict[str, str] = field(default_factory=dict)
    online: bool = True
    instance_id: str | None = None
    """Default: a new id."""


@dataclass(frozen=True)
class InstanceGroup:
    """Online instances with the same tags."""

    tags: dict[str, str]
    count: int = INSTANCES_PER_TAG

    @classmethod
    def parse(cls, text: str) -> InstanceGroup:
        """A group from `KEY=VALUE:COUNT`, several tags joined by commas: `Role=web,Stage=prod:3`.

        Raises:
            ValueError: `text` is of another form.
        """
        tags_text, colon, count = text.rpartition(":")
        pairs = [pair.partition("=") for pair in (tags_text if colon else text).split(",")]
        tags = {key.strip(): value.strip() for key, _, value in pairs}
        if not all(equals and key.strip() and value.strip() for key, equals, value in pairs) or not (
            not colon or (count.isascii() and count.isdigit() and 1 <= int(count) <= 50)
        ):
            raise ValueError(
                f"instances {text!r}: KEY=VALUE:COUNT is expected, with a count of 1 to 50, such as Role=web:3"
            )
        return cls(tags, int(count) if colon else 1)


def named(groups: Iterable[InstanceGroup]) -> list[InstanceSpec]:
    """The instances of all groups, named after their tags' values: `web-1`, `web-2`, `batch-1`."""
    numbers: Counter[str] = Counter()
    specs = []
    for group in groups:
        prefix = "-".join(group.tags.values())
        for _ in range(group.count):
            numbers[prefix] += 1
            specs.append(InstanceSpec(f"{prefix}-{numbers[prefix]}", dict(group.tags)))
    return specs


def groups_for(template: Mapping[str, Any]) -> list[InstanceGroup]:
    """Two online instances for each combination of tags that the template's state machines look for."""
    wanted = {
        tuple(zip(group, values, strict=True)): None
        for definition in _definitions(template)
        for group in _tag_groups(definition)
        for values in itertools.product(*group.values())
    }
    return [InstanceGroup(dict(tags)) for tags in wanted]


def specs_by_id(template: Mapping[str, Any]) -> list[InstanceSpec]:
    """An online instance for each id that the template's state machines look for, named after its id."""
    ids = {id: None for definition in _definitions(template) for id in _instance_ids(definition)}
    return [InstanceSpec(id, instance_id=id) for id in ids]


def _definitions(template: Mapping[str, Any]) -> Iterator[Any]:
    for resource in template.get("Resources", {}).values():
        if resource["Type"] == "AWS::StepFunctions::StateMachine":
            yield definitions.parsed(resource["Properties"])


def _tag_groups(part: Any) -> Iterator[dict[str, list[str]]]:  # noqa: ANN401
    """Each list of targets in a definition, as tag keys and the values that will do."""
    if isinstance(part, list):
        for each in part:
            yield from _tag_groups(each)
    if isinstance(part, dict):
        for name, value in part.items():
            if name in _LISTS_OF_TARGETS and isinstance(value, list) and (group := _tags_in(value)):
                yield group
            else:
                yield from _tag_groups(value)


def _instance_ids(part: Any) -> Iterator[str]:  # noqa: ANN401
    """The ids in each list of targets in a definition."""
    if isinstance(part, list):
        for each in part:
            yield from _instance_ids(each)
    if isinstance(part, dict):
        if part.get("Key") == "InstanceIds" and _are_known(part.get("Values")):
            yield from part["Values"]
        for value in part.values():
            yield from _instance_ids(value)


def _tags_in(targets: list[Any]) -> dict[str, list[str]]:
    return {
        target["Key"].removeprefix(_TAG): target["Values"]
        for target in targets
        if isinstance(target, dict) and str(target.get("Key")).startswith(_TAG) and _are_known(target.get("Values"))
    }


def _are_known(values: Any) -> bool:  # noqa: ANN401
    return isinstance(values, list) and all(
        isinstance(value, str) and not any(mark in value for mark in (_FILLED_IN_LATER, _EXPRESSION))
        for value in values
    )
