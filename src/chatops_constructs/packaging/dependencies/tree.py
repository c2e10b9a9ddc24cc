"""A folder into which packages were installed: the same whoever installed them, and fit to run where it is to."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from chatops_constructs.packaging.dependencies.binaries import compiled_for
from chatops_constructs.packaging.dependencies.distributions import distributions_in, normalised, record
from chatops_constructs.packaging.dependencies.error import DependenciesError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from chatops_constructs.packaging.dependencies.distributions import Distribution
    from chatops_constructs.packaging.dependencies.target import Target

# What installers note about themselves, and about where they found the package.
_NOTES = ("INSTALLER", "REQUESTED", "direct_url.json", "uv_build.json", "uv_cache.json")
_INFO = ".dist-info"
_LOCK = ".lock"
_SCRIPTS = "bin"
_TEXTS = (".py", ".pyi", ".typed")
_MODULES = (".py", ".so", ".pyd")
_OTHER_PLATFORMS = ("musllinux", "macosx", "win", "android", "ios")
_MUSL = "-linux-musl"
_SHOWN = 5


@dataclass(frozen=True)
class Contents:
    """What is in it.

    Attributes:
        files: The size of each file, by its path in the folder.
        compiled: The paths of those that are compiled.
        distributions: The size of each distribution, by name and version.
    """

    files: dict[str, int]
    compiled: list[str]
    distributions: dict[str, int]


def files_in(tree: Path) -> dict[str, Path]:
    """All files, by their paths in the folder, in order.

    Args:
        tree: The folder.
    """
    found = {}
    for folder, _, names in os.walk(tree):
        inside = Path(folder).relative_to(tree).parts
        found.update({"/".join((*inside, name)): Path(folder, name) for name in names})
    return dict(sorted(found.items()))


def tidy(tree: Path) -> None:
    """Remove what depends on the machine or on the tool: notes, locks, byte code, scripts with a path to Python.

    Args:
        tree: The folder.
    """
    files = files_in(tree)
    for name in [name for name, path in files.items() if _is_of_this_machine(name, path)]:
        path = files.pop(name)
        path.unlink()
        if not any(path.parent.iterdir()):
            path.parent.rmdir()
    for info in tree.glob(f"*{_INFO}"):
        record(info, files)


def _is_of_this_machine(name: str, path: Path) -> bool:
    folder = path.parent.name
    if folder == _SCRIPTS and name == f"{_SCRIPTS}/{path.name}":
        # The first line of a script names this machine's Python. Compiled programs beside them are kept.
        with path.open("rb") as file:
            return file.read(2) == b"#!"
    return name == _LOCK or path.suffix == ".pyc" or (folder.endswith(_INFO) and path.name in _NOTES)


def contents(tree: Path, target: Target, foreign: Sequence[str]) -> Contents:
    """What is in the folder, if it can run on the target.

    Args:
        tree: The folder, tidy.
        target: Where it is to run.
        foreign: The names of packages whose binaries may be for other machines.

    Raises:
        DependenciesError: Something in it was made for another machine, or there is no module in it.
    """
    distributions = distributions_in(tree)
    if not distributions:
        raise DependenciesError(
            f"nothing is installed: the markers of all requirements leave out {target}; take them out, or say "
            "dependencies=PythonDependencies.none()"
        )
    files = files_in(tree)
    if not any(path.suffix in _MODULES for path in files.values()):
        raise DependenciesError(
            f"{', '.join(map(str, distributions))} brought no Python module: name packages that do, or say "
            "dependencies=PythonDependencies.none()"
        )
    compiled = {name: found for name, path in files.items() if _may_be_compiled(path) and (found := compiled_for(path))}
    if not target.is_host:
        _refuse(list(_foreign(distributions, compiled, target, {normalised(name) for name in foreign})), target)
    size_of = sizes(files)
    return Contents(
        files=size_of,
        compiled=sorted(compiled),
        distributions={str(one): sum(size_of.get(name, 0) for name in one.files) for one in distributions},
    )


def sizes(files: Mapping[str, Path]) -> dict[str, int]:
    """Of each file.

    Args:
        files: By their names.
    """
    return {name: path.stat().st_size for name, path in files.items()}


def _may_be_compiled(path: Path) -> bool:
    return path.suffix not in _TEXTS and not path.parent.name.endswith(_INFO)


def _foreign(
    distributions: Sequence[Distribution], compiled: dict[str, str], target: Target, allowed: set[str]
) -> Iterator[str]:
    owners = {name: one for one in distributions for name in one.files}
    for one in distributions:
        platforms = [tag.rpartition("-")[2] for tag in one.tags]
        if platforms and all(platform.startswith(_OTHER_PLATFORMS) for platform in platforms):
            yield f"{one} is a wheel for {platforms[0]}"
    for name, machine in compiled.items():
        if name in owners and normalised(owners[name].name) in allowed:
            continue
        if machine != f"64-bit {target.machine} Linux":
            yield f"{name} of {owners.get(name, 'no distribution')} is for {machine}"
        elif _MUSL in name:
            yield f"{name} of {owners.get(name, 'no distribution')} is for a Linux with musl"


def _refuse(foreign: list[str], target: Target) -> None:
    if foreign:
        shown = "; ".join(foreign[:_SHOWN]) + (f"; and {len(foreign) - _SHOWN} more" if len(foreign) > _SHOWN else "")
        raise DependenciesError(
            f"what was installed cannot run with {target}: {shown}. Take other versions, see whether uv or pip are "
            "configured for another platform on this machine, or build in Docker with PythonDependencies.….in_docker()"
            ". A package that brings programs for several systems is let pass by .with_foreign_binaries(name)"
        )
