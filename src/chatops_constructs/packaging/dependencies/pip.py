"""pip, where there is no uv: https://pip.pypa.io/en/stable/cli/pip_install/.

Told to install for another machine, pip chooses the wheels of that one, but asks the machine and the Python that it
runs on for everything else: environment markers, and which versions of Python a package runs on. So these are looked
at here.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from chatops_constructs.packaging.dependencies import markers
from chatops_constructs.packaging.dependencies.distributions import distributions_in, normalised
from chatops_constructs.packaging.dependencies.running import ToolError, run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from chatops_constructs.packaging.dependencies.requirements import Requirements
    from chatops_constructs.packaging.dependencies.target import Target

# The oldest glibc of a wheel for the machine, and names that tags had before they said the glibc:
# https://packaging.python.org/en/latest/specifications/platform-compatibility-tags/#manylinux.
_OLDEST = {"aarch64": 17, "x86_64": 5}
_OLD_NAMES = {"aarch64": ("manylinux2014",), "x86_64": ("manylinux2014", "manylinux2010", "manylinux1")}
# pip says of an index that does not answer only that it has nothing; the reason is in its log.
_REASON = "Could not fetch URL"


class Pip:
    """Installs what is locked."""

    name = "pip"

    def install(self, requirements: Requirements, *, into: Path, beside: Path, target: Target) -> None:
        """Install wheels with the hashes that requirements name.

        Args:
            requirements: What to install, complete.
            into: A folder.
            beside: A folder for what pip is told and what it logs.
            target: Where the packages run.

        Raises:
            ToolError: pip failed, or the requirements are not complete.
        """
        file, log = beside / "requirements.txt", beside / "pip.log"
        wanted = [one for one in requirements.packages if markers.wanted(one.text, target)]
        lines = [*requirements.options, *(f"{markers.without_marker(one.text)} {one.options}" for one in wanted)]
        file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        options = ["--require-hashes", "--no-deps", "--no-compile", "--no-user", "--no-input", "--log", str(log)]
        command = [sys.executable, "-m", "pip", "install", "--target", str(into), "--requirement", str(file)]
        try:
            run([*command, *options, *_for(target)], directory=requirements.directory)
        except ToolError as error:
            raise ToolError("\n".join([error.words, *_reasons(log)])) from None
        problems = list(_problems(into, target))
        if problems:
            raise ToolError("\n".join(problems))


def _for(target: Target) -> Iterator[str]:
    yield "--only-binary=:all:"
    if target.glibc is None:
        return
    yield from ("--implementation", "cp", "--python-version", target.version, "--ignore-requires-python")
    for glibc in range(target.glibc, _OLDEST[target.machine] - 1, -1):
        yield from ("--platform", f"manylinux_2_{glibc}_{target.machine}")
    for name in _OLD_NAMES[target.machine]:
        yield from ("--platform", f"{name}_{target.machine}")


def _reasons(log: Path) -> list[str]:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.is_file() else []
    return [line for line in lines if _REASON in line]


def _problems(tree: Path, target: Target) -> Iterator[str]:
    distributions = distributions_in(tree)
    there = {normalised(one.name) for one in distributions}
    for one in distributions:
        if not markers.runs_on(one.requires_python, target):
            yield f"{one} requires Python {one.requires_python}."
        for requirement in one.requires:
            if markers.wanted(requirement, target) and markers.name_of(requirement) not in there:
                yield f"{one} requires {requirement}, and the requirements have no hash for it."
