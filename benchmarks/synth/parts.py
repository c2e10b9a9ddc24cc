"""What stands in files in the stack that is written by hand: taken from what the library makes."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

SHARED = ("Resumer", "Refusals", "Endings", "Decisions")
"""The state machines that belong to no command."""


def extract(assembly: Path, files: Path) -> None:
    """Put definitions, documents and code of the synthesised `assembly` into `files`."""
    files.mkdir()
    template = json.loads((assembly / "S.template.json").read_text(encoding="utf-8"))
    sources = _sources(assembly)
    machines, documents = 0, 0
    for id, resource in template["Resources"].items():
        properties = resource["Properties"]
        if resource["Type"] == "AWS::StepFunctions::StateMachine":
            name = next((shared for shared in SHARED if shared in id), f"Machine{machines}")
            machines += name not in SHARED
            shutil.copy(sources[properties["DefinitionS3Location"]["Key"]], files / f"{name}.asl.json")
        elif resource["Type"] == "AWS::SSM::Document":
            (files / f"Document{documents}.json").write_text(json.dumps(properties["Content"]), encoding="utf-8")
            documents += 1
        elif resource["Type"] == "AWS::Lambda::Function":
            room = properties["Handler"].split(".")[1]
            shutil.copytree(sources[properties["Code"]["S3Key"]], files / room)
        elif resource["Type"] == "AWS::Lambda::LayerVersion":
            shutil.copytree(sources[properties["Content"]["S3Key"]], files / "table")


def _sources(assembly: Path) -> dict[str, Path]:
    """The files and folders of assets by the keys under which they are published."""
    manifest: dict[str, Any] = json.loads((assembly / "S.assets.json").read_text(encoding="utf-8"))
    return {
        destination["objectKey"]: assembly / one["source"]["path"]
        for one in manifest["files"].values()
        for destination in one["destinations"].values()
    }
