"""The stacks of a synthesised app, those of its stages included, and where each is to be.

https://github.com/aws/aws-cdk/blob/main/packages/@aws-cdk/cloud-assembly-schema/README.md
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chatops_setup.stack import NoSuchStackError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_UNKNOWN = frozenset({"unknown-account", "unknown-region"})


@dataclass(frozen=True)
class Place:
    """An account and a region; None where the stack is for whatever one deploys it to."""

    account: str | None
    region: str | None


@dataclass(frozen=True)
class SynthesisedStack:
    """A stack.

    Attributes:
        name: Its name.
        stage: The path of the `cdk.Stage` that it is in; empty if it is in none.
        place: Where it is to be.
        templates: Its own, and those of the stacks nested in it.
    """

    name: str
    stage: str
    place: Place
    templates: tuple[Any, ...]

    def is_of_stage(self, stage: str) -> bool:
        """Whether it is in the `cdk.Stage` of that path, or of that id at its end, in any case."""
        path = self.stage.lower()
        return stage.lower() in (path, path.rpartition("/")[2])


def stacks_in(directory: Path, stage: str = "") -> Iterator[SynthesisedStack]:
    """All stacks of a `cdk.out`.

    Args:
        directory: The folder.
        stage: The stage that it is of; empty for the app itself.

    Raises:
        NoSuchStackError: The folder is no `cdk.out`.
    """
    try:
        artifacts = json.loads((directory / "manifest.json").read_text("utf-8")).get("artifacts", {})
    except (OSError, ValueError):
        raise NoSuchStackError(f"{directory} is no cdk.out: run `cdk synth`, and name the folder it writes") from None
    for id, artifact in artifacts.items():
        properties = artifact.get("properties", {})
        if artifact["type"] == "cdk:cloud-assembly":
            yield from stacks_in(directory / properties["directoryName"], properties.get("displayName") or id)
        elif artifact["type"] == "aws:cloudformation:stack":
            yield SynthesisedStack(
                name=properties.get("stackName", id),
                stage=stage,
                place=_place(artifact.get("environment", "")),
                templates=tuple(_templates(directory, properties["templateFile"])),
            )


def _templates(directory: Path, file: str) -> Iterator[Any]:
    template = json.loads((directory / file).read_text("utf-8"))
    yield template
    for resource in template.get("Resources", {}).values():
        nested = resource.get("Metadata", {}).get("aws:asset:path", "")
        if resource["Type"] == "AWS::CloudFormation::Stack" and (directory / nested).is_file():
            yield from _templates(directory, nested)


def _place(environment: str) -> Place:
    """Of `aws://123456789012/eu-central-1`."""
    account, _, region = environment.removeprefix("aws://").partition("/")
    return Place(*(None if each in _UNKNOWN or not each else each for each in (account, region)))
