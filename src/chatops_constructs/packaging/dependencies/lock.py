"""What a function's packages are exactly, by the files in which people write that down."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from chatops_constructs.packaging.dependencies.error import DependenciesError
from chatops_constructs.packaging.dependencies.explanation import explained
from chatops_constructs.packaging.dependencies.requirements import Requirements, parse, read
from chatops_constructs.packaging.dependencies.running import ToolError
from chatops_constructs.packaging.dependencies.tools import uv_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chatops_constructs.packaging.dependencies.target import Target

UV_LOCK, PYPROJECT, REQUIREMENTS = "uv.lock", "pyproject.toml", "requirements.txt"


@dataclass(frozen=True)
class Lock:
    """Packages, each with the hashes of its files.

    Attributes:
        name: Of the file that they are from.
        requirements: The packages.
        warning: What is wrong with where they are from; empty for nothing.
    """

    name: str
    requirements: Requirements
    warning: str = ""


class Source(Protocol):
    """A file that names packages."""

    @property
    def path(self) -> Path:
        """The file."""

    @property
    def locked(self) -> bool:
        """Whether it names their hashes."""

    def lock(self, target: Target) -> Lock:
        """What it names, for a target."""


@dataclass(frozen=True)
class RequirementsFile:
    """`requirements.txt`, with hashes or without."""

    path: Path

    @property
    def locked(self) -> bool:
        """Whether each package has a hash."""
        return not read(self.path).unlocked

    def lock(self, target: Target) -> Lock:
        """As it is, or as uv resolves it."""
        requirements = read(self.path)
        unlocked = requirements.unlocked
        if not unlocked:
            return Lock(shown(self.path), requirements)
        if len(unlocked) < len(requirements.packages):
            raise DependenciesError(
                f"{shown(self.path)} has hashes, but none for {', '.join(unlocked)}: write it with "
                "`uv pip compile --universal --generate-hashes`, which adds them for all"
            )
        how = f"uv pip compile --universal --generate-hashes {self.path.name} --output-file requirements.lock.txt"
        return _resolved(self.path, target, (), f"name what `{how}` writes")


@dataclass(frozen=True)
class Pyproject:
    """The dependencies of a `pyproject.toml` without a lock."""

    path: Path
    extras: Sequence[str]
    locked = False

    def lock(self, target: Target) -> Lock:
        """As uv resolves them."""
        return _resolved(self.path, target, self.extras, "run `uv lock` beside it")


@dataclass(frozen=True)
class UvLock:
    """`uv.lock`."""

    path: Path
    options: Sequence[str]
    locked = True

    def lock(self, target: Target) -> Lock:
        """What it holds, for all platforms."""
        try:
            text = uv_for(f"{shown(self.path)} is read").exported(self.path.parent, self.options)
        except ToolError as error:
            raise explained(error, "uv", shown(self.path), target) from None
        requirements = parse(text, self.path)
        if requirements.unlocked:
            raise DependenciesError(
                f"{shown(self.path)} has no hashes for {', '.join(requirements.unlocked)}, since they were locked from "
                "a folder: lock them from an index"
            )
        return Lock(shown(self.path), requirements)


def _resolved(path: Path, target: Target, extras: Sequence[str], remedy: str) -> Lock:
    name = shown(path)
    try:
        text = uv_for(f"{name} is not locked: what is not, is resolved").resolved(path, target=target, extras=extras)
    except ToolError as error:
        raise explained(error, "uv", name, target) from None
    warning = f"{name} is not locked: tomorrow, other packages may be deployed. To lock it, {remedy}."
    return Lock(name, parse(text, path), warning)


def shown(path: Path) -> str:
    """A path as it is told to people: from the working directory, where it is below that.

    Args:
        path: Any path.
    """
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)
