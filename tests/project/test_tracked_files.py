"""What no file of the repository says: where packages are downloaded from, and on which machine it was written."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# Put together here, so that this file does not name them either. Whoever installs decides where from: at home, behind a
# company's mirror, or without a network.
INDEX_HOSTS = [
    ".".join(labels)
    for labels in (
        ("pypi", "org"),
        ("pypi", "python", "org"),
        ("files", "pythonhosted", "org"),
        ("registry", "npmjs", "org"),
        ("registry", "yarnpkg", "com"),
        ("proxy", "golang", "org"),
    )
]
INDEX_OPTION = re.compile(r"^\s*(--index-url|--extra-index-url|-i\s|--find-links)", re.MULTILINE)


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    return {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8", errors="replace") for path in tracked()}


@pytest.mark.parametrize("host", INDEX_HOSTS, ids=lambda host: host.replace(".", " "))
def test_no_file_names_a_package_index(host: str, texts: dict[str, str]) -> None:
    assert texts
    assert [name for name, text in texts.items() if host in text] == []


def test_requirements_are_pinned_by_hash_and_name_no_index(texts: dict[str, str]) -> None:
    requirements = {name: text for name, text in texts.items() if re.fullmatch(r"requirements/.*\.txt", name)}
    assert requirements
    for text in requirements.values():
        assert not INDEX_OPTION.search(text)
        pins = re.findall(r"^([a-z0-9][\w.-]*)==", text, re.MULTILINE)
        blocks = re.split(r"^(?=[a-z0-9][\w.-]*==)", text, flags=re.MULTILINE)[1:]
        assert len(pins) == len(blocks) > 0
        assert all("--hash=sha256:" in block for block in blocks)


def test_no_lock_file_of_a_kind_that_holds_addresses(texts: dict[str, str]) -> None:
    assert not {Path(name).name for name in texts} & {"uv.lock", "poetry.lock", "package-lock.json", "yarn.lock"}


def test_no_file_names_this_checkouts_folder(texts: dict[str, str]) -> None:
    assert [name for name, text in texts.items() if f"{ROOT}/" in text] == []


def test_nothing_generated_is_tracked(texts: dict[str, str]) -> None:
    generated = re.compile(r"(^|/)(cdk\.out|__pycache__|\.venv|dist|node_modules)(/|$)|\.pyc$")
    assert [name for name in texts if generated.search(name)] == []
