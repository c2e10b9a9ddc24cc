"""Reads a cloud assembly, the ``cdk.out`` that an app has synthesised."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


_ANY_REGION = "unknown-region"


@dataclass(frozen=True)
class FileAsset:
    """One file or directory that has to be in a bucket before the stack is deployed."""

    path: Path
    packaging: str
    bucket: str
    key: str


@dataclass(frozen=True)
class StackArtifact:
    """One stack of an assembly, in its region."""

    name: str
    region: str
    template: dict[str, Any]
    assets: tuple[FileAsset, ...]
    tags: dict[str, str] = field(default_factory=dict)


def read_stacks(assembly: Path, *, account: str, region: str) -> list[StackArtifact]:
    """The stacks of an assembly, in the order in which they have to be deployed.

    Args:
        assembly: the directory with ``manifest.json``.
        account: fills the account into the names of asset buckets.
        region: where stacks are that do not say it.

    Raises:
        ValueError: if it is not an assembly.
    """
    manifest = assembly / "manifest.json"
    if not manifest.is_file():
        raise ValueError(f"assembly {str(assembly)!r} has no manifest.json; synthesise the app and pass its cdk.out")
    artifacts: dict[str, Any] = json.loads(manifest.read_text("utf-8"))["artifacts"]
    reader = _Reader(assembly, account, region)
    stacks = [name for name, artifact in artifacts.items() if artifact["type"] == "aws:cloudformation:stack"]
    return [reader.stack(name, artifacts[name]) for name in _in_dependency_order(stacks, artifacts)]


@dataclass(frozen=True)
class _Reader:
    directory: Path
    account: str
    region: str

    def stack(self, artifact_name: str, artifact: dict[str, Any]) -> StackArtifact:
        properties = artifact["properties"]
        template = json.loads((self.directory / properties["templateFile"]).read_text("utf-8"))
        name = properties.get("stackName", artifact_name)
        region = self._region_of(artifact)
        assets = tuple(self._assets(self.directory / f"{artifact_name}.assets.json", region))
        return StackArtifact(name, region, template, assets, properties.get("tags", {}))

    def _region_of(self, artifact: dict[str, Any]) -> str:
        """Of an environment such as ``aws://123456789012/us-east-1``."""
        region = str(artifact.get("environment", "")).rpartition("/")[2]
        return self.region if region in ("", _ANY_REGION) else region

    def _assets(self, manifest: Path, region: str) -> list[FileAsset]:
        if not manifest.is_file():
            return []
        files: dict[str, Any] = json.loads(manifest.read_text("utf-8")).get("files", {})
        return [
            FileAsset(
                path=self.directory / file["source"]["path"],
                packaging=file["source"]["packaging"],
                bucket=self._filled(destination["bucketName"], region),
                key=self._filled(destination["objectKey"], region),
            )
            for file in files.values()
            for destination in file["destinations"].values()
        ]

    def _filled(self, text: str, region: str) -> str:
        values = {"${AWS::AccountId}": self.account, "${AWS::Region}": region, "${AWS::Partition}": "aws"}
        for placeholder, value in values.items():
            text = text.replace(placeholder, value)
        return text


def _in_dependency_order(stacks: list[str], artifacts: dict[str, Any]) -> list[str]:
    ordered: list[str] = []

    def add(name: str) -> None:
        if name in ordered:
            return
        for dependency in artifacts[name].get("dependencies", []):
            if dependency in stacks:
                add(dependency)
        ordered.append(name)

    for stack in stacks:
        add(stack)
    return ordered
