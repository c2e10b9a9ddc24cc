"""uv: https://docs.astral.sh/uv/reference/cli/."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from chatops_constructs.packaging.dependencies.running import ToolError, run

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from chatops_constructs.packaging.dependencies.requirements import Requirements
    from chatops_constructs.packaging.dependencies.target import Target

# Any Python will do to run uv with: it is told the target's version.
_THIS_PYTHON = ("--python", sys.executable)
# Packages of an index that a project names for them only are found nowhere else, so the indexes are written as well.
_WRITTEN = ("--no-header", "--no-annotate", "--emit-index-url", "--emit-find-links")
_OTHER_PYTHON = "incompatible with the project's Python requirement"


class Uv:
    """Installs, resolves, and reads its own locks."""

    name = "uv"

    def __init__(self, program: str) -> None:
        """Nothing is run yet.

        Args:
            program: Its path.
        """
        self._program = program

    def install(self, requirements: Requirements, *, into: Path, beside: Path, target: Target) -> None:
        """Install wheels with the hashes that requirements name.

        Args:
            requirements: What to install, complete.
            into: A folder.
            beside: A folder for what uv is told.
            target: Where the packages run.

        Raises:
            ToolError: uv failed, or the requirements are not complete.
        """
        file = beside / "requirements.txt"
        file.write_text(str(requirements), encoding="utf-8")
        options = ["--require-hashes", "--no-compile-bytecode", *_for(target)]
        install = ["pip", "install", "--target", str(into), "--requirements", str(file)]
        self._run(*install, *options, directory=requirements.directory)

    def resolved(self, path: Path, *, target: Target, extras: Sequence[str]) -> str:
        """What a file asks for without hashes, and everything that this needs, as requirements with hashes.

        Args:
            path: Requirements or a `pyproject.toml`.
            target: Where the packages run.
            extras: Of the project.

        Raises:
            ToolError: uv failed.
        """
        options = ["--generate-hashes", *_WRITTEN]
        options += [option for extra in extras for option in ("--extra", extra)]
        return self._run("pip", "compile", path.name, *options, *_for(target), directory=path.parent)

    def exported(self, project: Path, options: Sequence[str]) -> str:
        """What a project's lock holds, as requirements with hashes.

        Args:
            project: The folder with `uv.lock`.
            options: Which of it.

        Raises:
            ToolError: uv failed; among other reasons, since the lock does not fit the project's `pyproject.toml`.
        """
        export = ["export", "--locked", "--no-emit-project", *_WRITTEN, *options]
        try:
            return self._run(*export, *_THIS_PYTHON, directory=project)
        except ToolError as error:
            # The project's Python is not this one. uv finds or fetches one, though nothing is run with it.
            if _OTHER_PYTHON not in error.words:
                raise
        return self._run(*export, directory=project)

    def _run(self, *arguments: str, directory: Path) -> str:
        return run([self._program, *arguments, "--quiet"], directory=directory)


def _for(target: Target) -> list[str]:
    """Only wheels: source would be built for this machine (https://github.com/astral-sh/uv/issues/16019)."""
    options = ["--only-binary", ":all:", *_THIS_PYTHON]
    if target.is_host:
        return options
    platform = f"{target.machine}-manylinux_2_{target.glibc}"
    return [*options, "--python-version", target.version, "--python-platform", platform]
