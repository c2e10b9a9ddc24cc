"""The instances that a stack may send scripts to, read from the policies that let it.

What a command is aimed at stands in its state machine's definition, which is a file asset; what it may be aimed at
stands in the template, and is the same.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_SEND = "ssm:SendCommand"
_TAG = "ssm:resourceTag/"
_INSTANCE = re.compile(r"instance/(i-[0-9a-f]+)")


@dataclass(frozen=True)
class Target:
    """Instances by their tags or by their ids.

    Attributes:
        tags: Each tag's key with the values that will do. An instance carries all of them.
        ids: The ids, if there are no tags.
    """

    tags: tuple[tuple[str, tuple[str, ...]], ...] = ()
    ids: tuple[str, ...] = ()

    @property
    def description(self) -> str:
        """How people name it: `Role=web`, as in `help`, or the ids."""
        return " and ".join(f"{key}={'|'.join(values)}" for key, values in self.tags) or ", ".join(self.ids)

    @property
    def ec2_filters(self) -> list[dict[str, Any]]:
        """Filters of DescribeInstances."""
        if self.ids:
            return [{"Name": "instance-id", "Values": list(self.ids)}]
        return [{"Name": f"tag:{key}", "Values": list(values)} for key, values in self.tags]

    @property
    def ssm_filters(self) -> list[dict[str, Any]]:
        """Filters of DescribeInstanceInformation."""
        if self.ids:
            return [{"Key": "InstanceIds", "Values": list(self.ids)}]
        return [{"Key": f"tag:{key}", "Values": list(values)} for key, values in self.tags]


def targets_of(template: Mapping[str, Any]) -> list[Target]:
    """What the policies of `template` let commands be sent to, each once."""
    found = (
        target
        for resource in template.get("Resources", {}).values()
        for statement in _statements(resource)
        if (target := _target(statement)) is not None
    )
    return list(dict.fromkeys(found))


def _statements(resource: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    properties = resource.get("Properties", {})
    documents = [properties.get("PolicyDocument")] if resource.get("Type", "").startswith("AWS::IAM::") else []
    documents += [each.get("PolicyDocument") for each in properties.get("Policies", []) if isinstance(each, dict)]
    for document in documents:
        if isinstance(document, dict):
            yield from _listed(document.get("Statement", []))


def _target(statement: Mapping[str, Any]) -> Target | None:
    if statement.get("Effect") != "Allow" or _SEND not in _listed(statement.get("Action", [])):
        return None
    wanted = statement.get("Condition", {}).get("StringEquals", {})
    tags = tuple(
        (key.removeprefix(_TAG), tuple(_listed(values))) for key, values in wanted.items() if key.startswith(_TAG)
    )
    if tags:
        return Target(tags=tags)
    ids = tuple(_INSTANCE.findall(json.dumps(statement.get("Resource", []))))
    return Target(ids=ids) if ids else None


def _listed(value: Any) -> list[Any]:  # noqa: ANN401 - JSON
    return value if isinstance(value, list) else [value]
