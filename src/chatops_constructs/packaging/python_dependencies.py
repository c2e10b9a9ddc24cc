"""Where the packages that a function needs are written down, and how they are built."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from chatops_constructs._problems import check
from chatops_constructs.packaging.dependencies.lock import (
    PYPROJECT,
    REQUIREMENTS,
    UV_LOCK,
    Pyproject,
    RequirementsFile,
    Source,
    UvLock,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

# Locks of other tools, with what turns them into one that is read here.
_OTHER_LOCKS = {
    "poetry.lock": "`poetry export --output requirements.txt`",
    "pdm.lock": "`pdm export --output requirements.txt`",
    "Pipfile.lock": "`pipenv requirements --hash > requirements.txt`",
    "pylock.toml": "`uv lock`, or `uv pip compile --universal --generate-hashes`",
}
# https://packaging.python.org/en/latest/specifications/pyproject-toml/#dependencies-optional-dependencies.
_PROJECT = re.compile(r"^\[project\]\s*$(?P<table>[\s\S]*?)(?=^\[|\Z)", re.MULTILINE)
_DEPENDENCIES = re.compile(r"""^dependencies\s*=\s*\[\s*[^\]\s]|^dynamic\s*=[^\]]*["']dependencies["']""", re.MULTILINE)


class PythonDependencies:
    """The packages that a `PythonFunction` needs besides its own source: make it with one of the factories.

    Wheels are installed for the architecture and the Python of the function, by uv or, if there is no uv, by pip, on
    whatever machine the app is synthesised. Nothing is built from source, and no Docker is needed.

    Attributes:
        source: What names the packages; None for no packages.
        docker: Whether they are installed in Docker.
        foreign: The names of those whose binaries may be for other machines.
    """

    def __init__(self, source: Source | None, *, docker: bool = False, foreign: Sequence[str] = ()) -> None:
        """Keep them; use a factory instead.

        Args:
            source: What names the packages.
            docker: Whether they are installed in Docker. Default: False.
            foreign: The names of those whose binaries may be for other machines. Default: none.
        """
        self.source = source
        self.docker = docker
        self.foreign = tuple(sorted(foreign))

    @classmethod
    def none(cls) -> PythonDependencies:
        """No packages: just the function's source, whatever else lies in its folder."""
        return cls(None)

    @classmethod
    def from_requirements(cls, path: str | Path) -> PythonDependencies:
        """The packages of a `requirements.txt`.

        With a hash for each of them, as `uv pip compile --universal --generate-hashes` or
        `pip-compile --generate-hashes` writes it, exactly those are installed. Without, uv resolves them at each
        synthesis for the function's target, and a warning says that they are not locked.

        Example:
            from chatops_constructs import PythonDependencies

            dependencies = PythonDependencies.from_requirements("functions/orders/requirements.txt")

        Args:
            path: The file. A relative path is taken from the working directory.

        Raises:
            ValueError: There is no such file.
        """
        return cls(RequirementsFile(_existing("from_requirements", Path(path))))

    @classmethod
    def from_uv_lock(
        cls,
        project: str | Path,
        *,
        extras: Sequence[str] = (),
        groups: Sequence[str] = (),
        only_groups: Sequence[str] = (),
        package: str | None = None,
    ) -> PythonDependencies:
        """The packages that a project's `uv.lock` holds for its dependencies, without those for development.

        The project itself is not installed: its code comes from the function's folder. A lock that does not fit
        `pyproject.toml` is refused.

        Example:
            from chatops_constructs import PythonDependencies

            dependencies = PythonDependencies.from_uv_lock(".", only_groups=["orders"])

        Args:
            project: The folder with `pyproject.toml` and `uv.lock`. A relative path is taken from the working
                directory.
            extras: Extras of the project to include. Default: none.
            groups: Dependency groups to include besides. Default: none, `dev` neither.
            only_groups: Dependency groups to take instead of the project's dependencies. Default: none.
            package: The member of a workspace whose dependencies they are. Default: the project itself.

        Raises:
            ValueError: There is no `uv.lock` in that folder.
        """
        options = ["--no-default-groups"]
        for option, names in (("--extra", extras), ("--group", groups), ("--only-group", only_groups)):
            options += [word for name in names for word in (option, name)]
        if package:
            options += ["--package", package]
        return cls(UvLock(_existing("from_uv_lock", Path(project) / UV_LOCK), tuple(options)))

    @classmethod
    def from_pyproject(cls, path: str | Path, *, extras: Sequence[str] = ()) -> PythonDependencies:
        """The dependencies of a `pyproject.toml` that has no lock: resolved at each synthesis, with a warning.

        Args:
            path: The file, or its folder. A relative path is taken from the working directory.
            extras: Extras of the project to include. Default: none.

        Raises:
            ValueError: There is no such file.
        """
        file = Path(path) / PYPROJECT if Path(path).is_dir() else Path(path)
        return cls(Pyproject(_existing("from_pyproject", file), tuple(extras)))

    @classmethod
    def found_in(cls, folder: str | Path) -> PythonDependencies:
        """What a folder says: its `uv.lock`, else its `requirements.txt`, else its `pyproject.toml`, else nothing.

        Args:
            folder: The function's folder.

        Raises:
            ValueError: There is only a lock of a tool that is not read here.
        """
        folder = Path(folder).absolute()
        if (folder / UV_LOCK).is_file():
            return cls.from_uv_lock(folder)
        if (folder / REQUIREMENTS).is_file():
            return cls.from_requirements(folder / REQUIREMENTS)
        for name, remedy in _OTHER_LOCKS.items():
            check(
                not (folder / name).is_file(),
                "PythonDependencies.found_in",
                "folder",
                str(folder / name),
                f"a folder with {UV_LOCK}, {REQUIREMENTS} or {PYPROJECT}, or none of them",
                f"write one with {remedy}, or say dependencies=PythonDependencies.none()",
            )
        project = folder / PYPROJECT
        if project.is_file() and _names_dependencies(project.read_text(encoding="utf-8")):
            return cls.from_pyproject(project)
        return cls.none()

    def in_docker(self) -> PythonDependencies:
        """The same packages, installed in Docker with AWS's build image of the function's runtime.

        For packages without a wheel for the target. Docker has to run on the machine that synthesises, and has to be
        able to emulate the architecture if that is another one.

        Example:
            from chatops_constructs import PythonDependencies

            dependencies = PythonDependencies.from_uv_lock(".").in_docker()
        """
        return PythonDependencies(self.source, docker=True, foreign=self.foreign)

    def with_foreign_binaries(self, *names: str) -> PythonDependencies:
        """The same packages, of which these may bring binaries for other machines.

        For packages that bring programs for several systems and choose one when they run, as `selenium` does. Of all
        others every binary has to be for the target.

        Example:
            from chatops_constructs import PythonDependencies

            dependencies = PythonDependencies.from_uv_lock(".").with_foreign_binaries("selenium")

        Args:
            names: The packages.
        """
        return PythonDependencies(self.source, docker=self.docker, foreign=(*self.foreign, *names))


def _existing(factory: str, path: Path) -> Path:
    check(
        path.is_file(),
        f"PythonDependencies.{factory}",
        "project" if path.name == UV_LOCK else "path",
        str(path),
        "a file",
        "name the one that the packages are written down in" if path.name != UV_LOCK else "make it with `uv lock`",
    )
    return path.absolute()


def _names_dependencies(pyproject: str) -> bool:
    project = _PROJECT.search(pyproject)
    return project is not None and _DEPENDENCIES.search(project["table"]) is not None
