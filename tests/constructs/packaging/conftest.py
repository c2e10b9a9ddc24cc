"""A machine without an index: the only packages that there are lie in a folder of the test's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chatops_constructs.packaging.dependencies import build, cache, tools
from chatops_constructs.packaging.dependencies.pip import Pip

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
