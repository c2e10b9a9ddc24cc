"""A folder into which packages were installed: the same whoever installed them, and fit to run where it is to."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatops_constructs.packaging.dependencies.binaries import compiled_for
from chatops_constructs.packaging.dependencies.distributions import distributions_in, record_what_is_there
from chatops_constructs.packaging.dependencies.error import DependenciesError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from chatops_constructs.packaging.dependencies.distributions import Distribution
    from chatops_constructs.packaging.dependencies.target import Target

# What installers note about themselves, and about where they found the package.
_NOTES = ("INSTALLER", "REQUESTED", "direct_url.json", "uv_build.json", "uv_cache.json")
_SCRIPTS = "bin"
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


def tidy(tree: Path) -> None:
    """Remove what depends on the machine or on the tool: notes, locks, byte code, scripts with a path to Python.

    Args:
        tree: The folder.
    """
    for folder in list(tree.rglob("__pycache__")):
        shutil.rmtree(folder)
    (tree / ".lock").unlink(missing_ok=True)
    _remove_scripts(tree / _SCRIPTS)
    for info in tree.glob("*.dist-info"):
        for name in _NOTES:
            (info / name).unlink(missing_ok=True)
        record_what_is_there(info)


def _remove_scripts(folder: Path) -> None:
    """Their first line names this machine's Python; compiled programs among them are kept."""
    if not folder.is_dir():
        return
    for path in list(folder.iterdir()):
        if path.is_file() and path.read_bytes()[:2] == b"#!":
            path.unlink()
    if not any(folder.iterdir()):
        folder.rmdir()


def contents(tree: Path, target: Target) -> Contents:
    """What is in the folder, if it can run on the target.

    Args:
        tree: The folder, tidy.
        target: Where it is to run.

    Raises:
        DependenciesError: Something in it was made for another machine, or there is no module in it.
    """
    distributions = distributions_in(tree)
    if not distributions:
        raise DependenciesError(
            f"nothing is installed: the markers of all requirements leave out {target}; take them out, or say "
            "dependencies=PythonDependencies.none()"
        )
    files = {path.relative_to(tree).as_posix(): path for path in sorted(tree.rglob("*")) if path.is_file()}
    if not any(path.suffix in _MODULES for path in files.values()):
        raise DependenciesError(
            f"{', '.join(map(str, distributions))} brought no Python module: name packages that do, or say "
            "dependencies=PythonDependencies.none()"
        )
    compiled = {name: found for name, path in files.items() if path.suffix != ".py" and (found := compiled_for(path))}
    if not target.is_host:
        _refuse(list(_foreign(distributions, compiled, target)), target)
    sizes = {name: path.stat().st_size for name, path in files.items()}
    return Contents(
        files=sizes,
        compiled=sorted(compiled),
        distributions={str(one): sum(sizes.get(name, 0) for name in one.files) for one in distributions},
    )


def _foreign(distributions: Sequence[Distribution], compiled: dict[str, str], target: Target) -> Iterator[str]:
    owners = {name: one for one in distributions for name in one.files}
    for one in distributions:
        platforms = [tag.rpartition("-")[2] for tag in one.tags]
        if platforms and all(platform.startswith(_OTHER_PLATFORMS) for platform in platforms):
            yield f"{one} is a wheel for {platforms[0]}"
    for name, machine in compiled.items():
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
        )
