"""Hashes of what the library writes itself."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from chatops_constructs import _asset_hash

EXAMPLE = Path(__file__).parents[2] / "examples" / "ops_bot"


@pytest.fixture
def folder(tmp_path):
    """A folder with two files."""
    return written(tmp_path / "one", {"a.py": "1", "b/c.py": "2"})


def written(root: Path, files: dict[str, str]) -> Path:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return root


def test_a_copy_has_the_same_hash(folder, tmp_path):
    copy = written(tmp_path / "elsewhere" / "two", {"b/c.py": "2", "a.py": "1"})
    assert _asset_hash.of_folder(copy) == _asset_hash.of_folder(folder)


@pytest.mark.parametrize(
    "files",
    [
        {"a.py": "1", "b/c.py": "3"},
        {"a.py": "1", "b/d.py": "2"},
        {"a.py": "1", "c.py": "2"},
        {"a.py": "1"},
        {"a.py": "1", "b/c.py": "2", "d.py": ""},
        {"a.py": "12", "b/c.py": ""},
    ],
    ids=lambda files: " ".join(f"{name}={content}" for name, content in files.items()),
)
def test_anything_else_has_another(folder, tmp_path, files):
    assert _asset_hash.of_folder(written(tmp_path / "other", files)) != _asset_hash.of_folder(folder)


def test_a_name_is_not_taken_for_content(tmp_path):
    one = written(tmp_path / "one", {"ab": "c"})
    other = written(tmp_path / "other", {"a": "bc"})
    assert _asset_hash.of_folder(one) != _asset_hash.of_folder(other)


def test_cdk_remembers_nothing_of_files_that_are_gone(tmp_path):
    # It would be read and written again with each asset of each later synthesis.
    output = tmp_path / "cdk.out"
    environment = {**os.environ, "HOME": str(tmp_path), "CDK_OUTDIR": str(output)}
    subprocess.run([sys.executable, "app.py"], cwd=EXAMPLE, env=environment, check=True)
    remembered = list((tmp_path / ".cdk" / "cache" / "fingerprints").glob("*.json"))
    assert (output / "manifest.json").is_file()
    assert len(remembered) == 1, "one file a folder: that of the folder with the commands' source alone"
