"""A package from the index that is compiled, built for every target on this machine, whatever it is.

With this machine's own configuration of indexes. Everything else is tested with wheels made by hand.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from chatops_constructs.packaging.dependencies import build, tools
from chatops_constructs.packaging.dependencies.lock import RequirementsFile
from chatops_constructs.packaging.dependencies.target import Target

if TYPE_CHECKING:
    from chatops_constructs.packaging.dependencies.build import Packages

REQUIREMENTS = Path(__file__).parents[3] / "examples" / "functions" / "escape" / "requirements.txt"
# https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html
MACHINES = {"arm64": ("aarch64", 183), "x86_64": ("x86_64", 62)}
TARGETS = [(version, architecture) for version in ("3.11", "3.14") for architecture in MACHINES]


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nothing that was built before."""
    monkeypatch.setenv("CHATOPS_CACHE_DIR", str(tmp_path))
    build._contents.cache_clear()
    return tmp_path


def built(version: str, architecture: str) -> Packages:
    target = Target.of_function(runtime=f"python{version}", architecture=architecture)
    return build.packages(RequirementsFile(REQUIREMENTS).lock(target), target)


@pytest.mark.usefixtures("own_cache")
@pytest.mark.parametrize(("version", "architecture"), TARGETS)
def test_the_binary_is_for_the_target(version: str, architecture: str) -> None:
    machine, number = MACHINES[architecture]
    found = built(version, architecture)
    (compiled,) = found.contents.compiled
    assert compiled == f"markupsafe/_speedups.cpython-{version.replace('.', '')}-{machine}-linux-gnu.so"
    header = (found.folder / compiled).read_bytes()[:20]
    assert int.from_bytes(header[18:20], "little") == number


def test_every_target_is_another_one(own_cache: Path) -> None:
    for target in TARGETS:
        built(*target)
    assert len(list((own_cache / "python").iterdir())) == len(TARGETS)


def test_pip_makes_the_same_of_it(own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    by_uv = built("3.14", "arm64")
    trees = [{path.relative_to(own_cache): path.read_bytes() for path in own_cache.rglob("*") if path.is_file()}]
    shutil.rmtree(own_cache / "python")
    build._contents.cache_clear()
    monkeypatch.setattr(tools, "uv", lambda: None)
    assert built("3.14", "arm64") == by_uv
    trees.append({path.relative_to(own_cache): path.read_bytes() for path in own_cache.rglob("*") if path.is_file()})
    assert trees[0] == trees[1]
