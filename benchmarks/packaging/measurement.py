"""Builds and syntheses, each design in turn, timed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from chatops_constructs.packaging.dependencies import build
from chatops_constructs.packaging.dependencies.lock import RequirementsFile
from chatops_constructs.packaging.dependencies.requirements import read
from chatops_constructs.packaging.dependencies.target import Target

if TYPE_CHECKING:
    from collections.abc import Iterator

ROUNDS = 9
REQUIREMENTS = Path(__file__).with_name("requirements.txt")
TARGET = Target.of_function(runtime="python3.14", architecture="arm64")

OURS, PLAIN, WITHOUT = "PythonFunction", "uv pip install", "no packages"

DOWNLOADED = "first build, nothing downloaded"
COLD = "first build, wheels in uv's cache"
CACHED = "the same again"
SYNTHESIS = "synthesis, packages built"

# As PythonFunction has uv do it, and no more.
_UV = Path(sys.executable).with_name("uv")
_OPTIONS = ["--require-hashes", "--only-binary", ":all:", "--python", sys.executable, "--quiet"]
_TARGET = ["--python-version", "3.14", "--python-platform", "aarch64-manylinux_2_34"]


@dataclass(frozen=True)
class Run:
    """One measurement.

    Attributes:
        what: What was done.
        design: How.
        seconds: How long it took.
    """

    what: str
    design: str
    seconds: float


def packages() -> int:
    """How many there are."""
    return len(read(REQUIREMENTS).packages)


def measure() -> list[Run]:
    """All runs; the design that begins changes from round to round."""
    with TemporaryDirectory() as name, _variables(UV_CACHE_DIR=f"{name}/uv"):
        folder = Path(name)
        runs: list[Run] = []
        for number in range(ROUNDS):
            builders = [_plain, _ours] if number % 2 else [_ours, _plain]
            for builder in builders:
                with _variables(UV_CACHE_DIR=f"{name}/uv-{number}-{builder.__name__}"):
                    runs.append(builder(folder, DOWNLOADED))
            if not number:
                _plain(folder, COLD)
            runs += [builder(folder, what) for what in (COLD, CACHED) for builder in builders]
        return runs + _syntheses(folder)


def _plain(folder: Path, what: str) -> Run:
    """Into a new folder, whatever was done before: it has no cache but uv's."""
    with TemporaryDirectory(dir=folder) as target:
        command = [str(_UV), "pip", "install", "--target", target, "--requirements", str(REQUIREMENTS)]
        begun = time.perf_counter()
        subprocess.run([*command, *_OPTIONS, *_TARGET], check=True)
        return Run(what, PLAIN, time.perf_counter() - begun)


def _ours(folder: Path, what: str) -> Run:
    """From reading the lock to a tree that was looked at."""
    with TemporaryDirectory(dir=folder) as new, _variables(CHATOPS_CACHE_DIR=new):
        if what == CACHED:
            _build()
        begun = time.perf_counter()
        _build()
        return Run(what, OURS, time.perf_counter() - begun)


def _build() -> None:
    # As in a process of its own: what was looked through before is looked through again.
    build._contents.cache_clear()  # noqa: SLF001
    build.packages(RequirementsFile(REQUIREMENTS).lock(TARGET), TARGET)


def _syntheses(folder: Path) -> list[Run]:
    """Of one function, with packages that are built and without any, each in a process and a cdk.out of its own."""
    runs = []
    with _variables(CHATOPS_CACHE_DIR=str(folder / "kept")):
        _build()
        for number in range(ROUNDS):
            for design in (OURS, WITHOUT) if number % 2 else (WITHOUT, OURS):
                command = [sys.executable, "-m", "benchmarks.packaging.once", design]
                done = subprocess.run(command, capture_output=True, text=True, check=True)
                runs.append(Run(SYNTHESIS, design, float(done.stdout)))
    return runs


@contextmanager
def _variables(**values: str) -> Iterator[None]:
    """Variables of this process and of those that it starts, for a while."""
    before = dict(os.environ)
    os.environ.update(values)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
