"""How a developer calls what is deployed: by the path of its construct."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chatops_local.server import DeployedStack

_DEFAULT_CHILDREN = ("Resource", "Default")


class ConstructPaths:
    """The paths of roles, policies, functions and state machines, by their names on AWS."""

    def __init__(self, stacks: Iterable[DeployedStack] = ()) -> None:
        """Read the templates of `stacks`."""
        self._paths: dict[str, str] = {}
        for stack in stacks:
            for logical_id, resource in stack.template["Resources"].items():
                path = _path(str(resource.get("Metadata", {}).get("aws:cdk:path", "")))
                names = (stack.physical_ids.get(logical_id), resource.get("Properties", {}).get("PolicyName"))
                for name in names:
                    if path and isinstance(name, str):
                        self._paths[_own_name(name)] = path

    def of(self, name_or_arn: str) -> str:
        """The path; what has none keeps its own name."""
        name = _own_name(name_or_arn)
        return self._paths.get(name, name)


def _path(path: str) -> str:
    """Without the stack, which is the same for all, and without the default child."""
    parts = path.split("/")[1:]
    while parts and parts[-1] in _DEFAULT_CHILDREN:
        parts.pop()
    return "/".join(parts)


def _own_name(name_or_arn: str) -> str:
    return name_or_arn.rpartition(":")[2].rpartition("/")[2] if name_or_arn.startswith("arn:") else name_or_arn
