"""A cloud assembly: the folder that an app synthesises to, often called `cdk.out`.

https://github.com/aws/aws-cdk/blob/main/packages/@aws-cdk/cloud-assembly-schema/README.md
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

MANIFEST = "manifest.json"
WITHOUT_STAGE = "."
"""In place of a stage's name: the stacks that are in none, such as that of a pipeline."""

_UNKNOWN = ("", "unknown-account", "unknown-region")

_STACK, _STAGE = "aws:cloudformation:stack", "cdk:cloud-assembly"


class AssemblyError(ValueError):
    """A folder is no cloud assembly, or none that can be deployed."""


class StageError(AssemblyError):
    """An app has several stages and none was chosen, or not the one that was."""


@dataclass(frozen=True)
class Assembly:
    """One cloud assembly.

    Args:
        directory: Its folder.
        with_stages: Whether the stacks of its stages are among its stacks.
    """

    directory: Path
    with_stages: bool = True

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
    def stages(self) -> dict[str, Assembly]:
        """The assemblies of the stages in it, by the path of their construct (https://docs.aws.amazon.com/cdk/v2/guide/stages.html)."""
        found = {}
        for artifact_id, artifact in self._artifacts(_STAGE).items():
            properties = artifact["properties"]
            stage = Assembly(self.directory / properties["directoryName"])
            found[properties.get("displayName") or artifact_id] = stage
            found.update(stage.stages)
        return found

    def of_stage(self, name: str | None) -> Assembly:
        """The assembly of a stage; or without a name this one, if it has no stages to choose from.

        Args:
            name: The path of the stage's construct, or the id at its end, in any case; `.` for the stacks that are in
                no stage. Default: everything there is.

        Raises:
            StageError: There is no such stage, or several; or there are several to choose from.
        """
        stages = self.stages
        there = ", ".join(stages) or "none"
        if name == WITHOUT_STAGE:
            return replace(self, with_stages=False)
        if name is None:
            if len(stages) > 1 and self.with_stages:
                raise StageError(
                    f"the app has the stages {there}, and one runs at a time: say which, with `--stage NAME` on the "
                    'command line, `stage="NAME"` in Python; `.` means the stacks that are in no stage'
                )
            return self
        paths = [path for path in stages if path.lower() == name.lower()]
        paths = paths or [path for path in stages if path.lower().rpartition("/")[2] == name.lower()]
        if len(paths) != 1:
            problem = (
                f"several stages are called so: {', '.join(paths)}" if paths else f"no such stage; there are {there}"
            )
            raise StageError(f"stage {name!r}: {problem}")
        return Assembly.read(stages[paths[0]].directory)

    @property
    def directories(self) -> list[Path]:
        """This assembly's folder, and those of the stages in it."""
        stages = self.stages.values() if self.with_stages else ()
        return [self.directory, *(stage.directory for stage in stages)]

    @property
    def stack_names(self) -> list[str]:
        """The names of all stacks, those of the stages included."""
        return [artifact.get("properties", {}).get("stackName", name) for name, artifact in self._stacks()]

    @property
    def account(self) -> str | None:
        """The account that its stacks are for; `None` if they do not say one.

        Raises:
            AssemblyError: They are for several.
        """
        accounts = self._named(0)
        if len(accounts) > 1:
            raise AssemblyError(f"the stacks are for the accounts {', '.join(accounts)}: one runs at a time")
        return accounts[0] if accounts else None

    @property
    def region(self) -> str | None:
        """The region that its stacks are for; `None` if they do not say one, or several."""
        regions = self._named(1)
        return regions[0] if len(regions) == 1 else None

    def require_account(self, account: str) -> None:
        """Refuse stacks for another account: templates have its id in ARNs when their environment says it.

        Raises:
            AssemblyError: They are for another one.
        """
        wanted = self.account
        if wanted not in (None, account):
            raise AssemblyError(
                f"the stacks {', '.join(self.stack_names)} are for account {wanted}, and the local cloud is account "
                f'{account}: start it with account="{wanted}"'
            )

    def _named(self, part: int) -> list[str]:
        """What environments such as aws://123456789012/us-east-1 name."""
        environments = (artifact.get("environment", "").removeprefix("aws://") for _, artifact in self._stacks())
        named = {[*environment.split("/"), ""][part] for environment in environments}
        return sorted(named.difference(_UNKNOWN))

    def _stacks(self) -> list[tuple[str, Any]]:
        return [
            stack
            for directory in self.directories
            for stack in Assembly(directory)._artifacts(_STACK).items()  # noqa: SLF001
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
