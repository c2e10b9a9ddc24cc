"""A machine without an index: the only packages that there are lie in a folder of the test's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chatops_constructs.packaging.dependencies import build, cache, tools
from chatops_constructs.packaging.dependencies.pip import Pip
from tests.constructs.packaging.functions import HANDLER
from tests.constructs.packaging.wheels import AARCH64, ARM_314, X86_64, X86_314, elf, wheel

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def empty_caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Caches of the test's own, ours and uv's; the folder of ours."""
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path / "cache"))
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "uv-cache"))
    build._contents.cache_clear()
    return cache.folder()


@pytest.fixture
def wheels(tmp_path: Path, empty_caches: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder whose wheels are all that uv and pip find."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    # Not where uv would find it by itself: in the folder of a project or above.
    configuration = tmp_path / "configuration" / "uv.toml"
    configuration.parent.mkdir()
    configuration.write_text(f'no-index = true\nfind-links = ["{folder}"]\n', encoding="utf-8")
    for variable, value in {
        "UV_CONFIG_FILE": str(configuration),
        "PIP_FIND_LINKS": str(folder),
        "PIP_NO_INDEX": "1",
        "PIP_NO_CACHE_DIR": "1",
        "PIP_CONFIG_FILE": "/dev/null",
    }.items():
        monkeypatch.setenv(variable, value)
    return folder


@pytest.fixture(params=["uv", "pip"])
def tool(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each of the tools in turn."""
    if request.param == "pip":
        monkeypatch.setattr(tools, "uv", lambda: None)
        assert isinstance(tools.installer(), Pip)
    return str(request.param)


@pytest.fixture
def entry(tmp_path: Path) -> Path:
    """A folder with a handler."""
    folder = tmp_path / "orders"
    folder.mkdir()
    (folder / "orders.py").write_text(HANDLER, encoding="utf-8")
    return folder


@pytest.fixture
def locked(entry: Path, wheels: Path) -> Path:
    """The same folder, with requirements of a package that is compiled, for both architectures."""
    hashes = [
        wheel(wheels, "fast", {"fast/__init__.py": b"", "fast/_c.so": elf(machine)}, tag=tag)
        for machine, tag in (
            (AARCH64, ARM_314),
            (X86_64, X86_314),
            (AARCH64, ARM_314.replace("314", "313")),
            (AARCH64, "py2-none-any"),
        )
    ]
    hashes.append(wheel(wheels, "fast", {"fast/__init__.py": b""}, tag="cp310-abi3-win_amd64"))
    (entry / "requirements.txt").write_text(_together(hashes), encoding="utf-8")
    return entry


def _together(lines: list[str]) -> str:
    """One requirement with the hashes of all these wheels."""
    return " ".join([lines[0], *(line.split()[1] for line in lines[1:])])
