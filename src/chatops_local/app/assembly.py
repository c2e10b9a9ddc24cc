"""A cloud assembly: the folder that an app synthesises to, often called `cdk.out`.

https://github.com/aws/aws-cdk/blob/main/packages/@aws-cdk/cloud-assembly-schema/README.md
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

MANIFEST = "manifest.json"


class AssemblyError(ValueError):
    """A folder is no cloud assembly, or none that can be deployed."""


@dataclass(frozen=True)
class Assembly:
    """One cloud assembly."""

    directory: Path

    @classmethod
    def read(cls, directory: Path) -> Assembly:
        """The assembly in `directory`.

        Raises:
            AssemblyError: There is none, or it has no stacks.
        """
        assembly = cls(directory)
        if not assembly.stack_names:
            raise AssemblyError(f"{directory}: the app has no stacks; create a Stack in the App")
        return assembly

    @staticmethod
    def is_in(directory: Path) -> bool:
        """Whether `directory` is a cloud assembly."""
        return (directory / MANIFEST).is_file()

    @property
    def directories(self) -> list[Path]:
        """This assembly's folder, and those of the stages in it (https://docs.aws.amazon.com/cdk/v2/guide/stages.html)."""
        nested = self._artifacts("cdk:cloud-assembly").values()
        stages = [Assembly(self.directory / each["properties"]["directoryName"]) for each in nested]
        return [self.directory, *(directory for stage in stages for directory in stage.directories)]

    @property
    def stack_names(self) -> list[str]:
        """The names of all stacks, those of the stages included."""
        return [
            artifact.get("properties", {}).get("stackName", name)
            for directory in self.directories
            for name, artifact in Assembly(directory)._artifacts("aws:cloudformation:stack").items()  # noqa: SLF001
        ]

    def _artifacts(self, kind: str) -> dict[str, Any]:
        path = self.directory / MANIFEST
        try:
            artifacts = json.loads(path.read_text("utf-8")).get("artifacts", {})
        except FileNotFoundError:
            raise AssemblyError(f"{self.directory} is no cloud assembly: it has no {MANIFEST}") from None
        except ValueError as error:
            raise AssemblyError(f"{path} is not JSON ({error}): synthesise the app again") from None
        return {name: artifact for name, artifact in artifacts.items() if artifact["type"] == kind}
