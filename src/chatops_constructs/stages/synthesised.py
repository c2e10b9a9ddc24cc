"""The stages of a cloud assembly, read.

https://github.com/aws/aws-cdk/blob/main/packages/@aws-cdk/cloud-assembly-schema/README.md
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chatops_constructs.stages.flat import flat, flat_object

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from chatops_constructs.stages.flat import Flat

# Which of CDK and which libraries synthesised it; and what only tools read.
_NOT_COMPARED = "AWS::CDK::Metadata"
_NOT_COMPARED_KEY = "Metadata"
_LOGICAL_ID = "aws:cdk:logicalId"
_SILENT_IDS = ("Resource", "Default")

OUTPUTS = "Outputs"
_OTHER_SECTIONS = ("Parameters", "Mappings", "Conditions", "Rules", "Transform", OUTPUTS)


@dataclass(frozen=True)
class Element:
    """A resource, or an output, a parameter and the like.

    Attributes:
        path: Below the stage: `Bots/Uploads`, `Bots/Outputs/Url`.
        type: The resource's type, or the section of the template.
        content: All the rest of it, flat: a resource's properties have their own names, and so have `DeletionPolicy`
            and the like.
    """

    path: str
    type: str
    content: dict[str, Flat]


@dataclass(frozen=True)
class SynthesisedStack:
    """A stack of a stage.

    Attributes:
        path: Below the stage.
        name: What CloudFormation calls it.
        account: Where it is deployed; "" if it does not say.
        region: Where it is deployed; "" if it does not say.
        settings: What else the manifest says of it: tags, protection.
        elements: What is in it.
    """

    path: str
    name: str
    account: str
    region: str
    settings: dict[str, Flat]
    elements: tuple[Element, ...]


@dataclass(frozen=True)
class SynthesisedStage:
    """A stage.

    Attributes:
        name: The stage's id.
        path: Its path in the app.
        stacks: Those in it, those of stages in it included.
        assets: By hash, the file or folder.
    """

    name: str
    path: str
    stacks: tuple[SynthesisedStack, ...]
    assets: dict[str, Path]


def read_stages(directory: Path) -> list[SynthesisedStage]:
    """The stages of the assembly in a folder, in the order of the app.

    Args:
        directory: The folder with the app's `manifest.json`.

    Raises:
        ValueError: There is no assembly.
    """
    if not (directory / "manifest.json").is_file():
        raise ValueError(f"{directory} has no manifest.json: synthesise the app, and name its cdk.out")
    return [
        _stage(directory / each["properties"]["directoryName"], each["properties"]["displayName"])
        for each in _artifacts(directory, "cdk:cloud-assembly").values()
    ]


def _stage(directory: Path, path: str) -> SynthesisedStage:
    stacks: list[SynthesisedStack] = []
    assets: dict[str, Path] = {}
    for folder in _with_nested(directory):
        for id, artifact in _artifacts(folder, "aws:cloudformation:stack").items():
            stacks.append(_stack(folder, id, artifact, path))
            assets |= _assets(folder / f"{id}.assets.json")
    return SynthesisedStage(path.rpartition("/")[2], path, tuple(stacks), assets)


def _with_nested(directory: Path) -> Iterator[Path]:
    yield directory
    for each in _artifacts(directory, "cdk:cloud-assembly").values():
        yield from _with_nested(directory / each["properties"]["directoryName"])


def _stack(folder: Path, id: str, artifact: Mapping[str, Any], stage: str) -> SynthesisedStack:
    properties = artifact["properties"]
    template = json.loads((folder / properties["templateFile"]).read_text("utf-8"))
    account, region = (
        "" if each.startswith("unknown-") else each
        for each in artifact["environment"].removeprefix("aws://").split("/")
    )
    metadata = dict(artifact.get("metadata", {}))
    if "additionalMetadataFile" in artifact:
        metadata |= json.loads((folder / artifact["additionalMetadataFile"]).read_text("utf-8"))
    labels = _labels(metadata, stage)
    path = artifact.get("displayName", id).removeprefix(f"{stage}/")
    return SynthesisedStack(
        path=path,
        name=properties.get("stackName", id),
        account=account,
        region=region,
        settings={key: properties[key] for key in ("tags", "terminationProtection") if key in properties},
        elements=tuple(_elements(template, labels, path)),
    )


def _labels(metadata: Mapping[str, Any], stage: str) -> dict[str, str]:
    """By logical id the path below the stage, without the ids at its end that say nothing."""
    labels: dict[str, str] = {}
    for path, entries in metadata.items():
        shown = path.removeprefix(f"/{stage}/")
        for silent in _SILENT_IDS:
            shown = shown.removesuffix(f"/{silent}")
        labels |= {each["data"]: shown for each in entries if each["type"] == _LOGICAL_ID}
    return labels


def _elements(template: Mapping[str, Any], labels: Mapping[str, str], stack: str) -> Iterator[Element]:
    for id, resource in template.get("Resources", {}).items():
        if resource["Type"] != _NOT_COMPARED:
            attributes = {
                key: flat(value, labels)
                for key, value in resource.items()
                if key not in ("Type", "Properties", _NOT_COMPARED_KEY)
            }
            properties = flat_object(resource.get("Properties", {}), labels)
            if "DependsOn" in attributes:
                attributes["DependsOn"] = [*sorted(labels.get(each, each) for each in _as_list(resource["DependsOn"]))]
            yield Element(labels.get(id, f"{stack}/{id}"), resource["Type"], {**attributes, **properties})
    for section in _OTHER_SECTIONS:
        entries = template.get(section, {})
        for id, entry in entries.items() if isinstance(entries, dict) else [("", entries)]:
            content = flat(entry, labels)
            path = f"{stack}/{section}/{id}".rstrip("/")
            yield Element(path, section, content if isinstance(content, dict) else {"": content})


def _as_list(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _assets(manifest: Path) -> dict[str, Path]:
    if not manifest.is_file():
        return {}
    files = json.loads(manifest.read_text("utf-8")).get("files", {})
    return {id: manifest.parent / file["source"]["path"] for id, file in files.items() if "path" in file["source"]}


def _artifacts(directory: Path, kind: str) -> dict[str, Any]:
    artifacts = json.loads((directory / "manifest.json").read_text("utf-8")).get("artifacts", {})
    return {id: artifact for id, artifact in artifacts.items() if artifact["type"] == kind}
