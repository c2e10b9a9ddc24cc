"""Built trees are kept, found again, and built anew when they are damaged."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from chatops_constructs.packaging.dependencies import build, cache, tools
from chatops_constructs.packaging.dependencies.lock import RequirementsFile
from chatops_constructs.packaging.dependencies.target import Target
from tests.constructs.packaging.wheels import wheel

ARM = Target.of_function(runtime="python3.14", architecture="arm64")
MONTH = 31 * 86_400


def install(path: Path) -> build.Packages:
    """As at the next synthesis: nothing is remembered."""
    build._contents.cache_clear()
    return build.packages(RequirementsFile(path).lock(ARM), ARM)


@pytest.fixture
def requirements(wheels: Path, tmp_path: Path) -> Path:
    """A file with one package."""
    path = tmp_path / "requirements.txt"
    path.write_text(wheel(wheels, "fast", {"fast/__init__.py": b"x = 1\n", "fast/y.py": b""}), encoding="utf-8")
    return path


def without_tools(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on there is nothing to install with."""
    monkeypatch.setattr(tools, "uv", lambda: None)
    monkeypatch.setattr(tools, "find_spec", lambda _: None)


def test_what_was_built_is_found_again(requirements: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = install(requirements)
    without_tools(monkeypatch)
    assert install(requirements) == first


def test_comments_order_and_indexes_change_nothing(
    requirements: Path, wheels: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = wheel(wheels, "slow", {"slow.py": b""})
    line = requirements.read_text(encoding="utf-8")
    requirements.write_text(f"{line}\n{other}\n", encoding="utf-8")
    first = install(requirements)
    without_tools(monkeypatch)
    requirements.write_text(
        f"--index-url https://example.com/simple\n# ours\n{other}  # the slow one\n" + line.replace(" ", " \\\n  "),
        encoding="utf-8",
    )
    assert install(requirements) == first


@pytest.mark.parametrize("damage", ["a file is gone", "a file is longer", "a file more", "no contents", "half of them"])
def test_a_damaged_one_is_built_anew(damage: str, requirements: Path) -> None:
    first = install(requirements)
    contents = first.folder.parent / "contents.json"
    if damage == "a file is gone":
        (first.folder / "fast" / "y.py").unlink()
    elif damage == "a file is longer":
        # Not in its place: uv's own cache has the same file.
        (first.folder / "fast" / "y.py").unlink()
        (first.folder / "fast" / "y.py").write_text("1", encoding="utf-8")
    elif damage == "a file more":
        (first.folder / "fast" / "z.py").touch()
    elif damage == "no contents":
        contents.unlink()
    else:
        contents.write_text(contents.read_text(encoding="utf-8")[:20], encoding="utf-8")
    assert cache.find(first.folder.parent) is None
    assert install(requirements) == first
    assert cache.find(first.folder.parent) == first.contents
    assert sorted(path.name for path in (first.folder / "fast").iterdir()) == ["__init__.py", "y.py"]


def test_nothing_else_is_left_behind(requirements: Path, empty_caches: Path) -> None:
    built = install(requirements)
    assert [path.name for path in empty_caches.iterdir()] == [built.key]
    assert sorted(path.name for path in built.folder.parent.iterdir()) == ["contents.json", "tree"]


def test_one_that_was_finished_by_somebody_else_meanwhile_is_used(requirements: Path, empty_caches: Path) -> None:
    built = install(requirements)
    entry = built.folder.parent
    marked = (entry / "contents.json").stat().st_ino
    with cache.place_for(entry) as place:
        (place / cache.TREE).mkdir()
        cache.keep(place, built.contents, entry)
    assert (entry / "contents.json").stat().st_ino == marked
    assert [path.name for path in empty_caches.iterdir()] == [built.key]


def test_two_syntheses_at_once(requirements: Path, empty_caches: Path) -> None:
    code = (
        "import sys; from pathlib import Path;"
        "from tests.constructs.packaging.test_packaging_cache import install;"
        "print(install(Path(sys.argv[1])).key)"
    )
    running = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(requirements)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[3],
        )
        for _ in range(2)
    ]
    keys = {process.communicate(timeout=120)[0].strip() for process in running}
    assert [process.returncode for process in running] == [0, 0]
    assert [path.name for path in empty_caches.iterdir()] == list(keys)
    assert cache.find(empty_caches / keys.pop())


def test_what_was_not_used_for_a_month_is_removed(requirements: Path, empty_caches: Path) -> None:
    empty_caches.mkdir(parents=True)
    for name, age in {"old": MONTH, "young": 0, ".building-killed": MONTH, ".building-now": 0}.items():
        (empty_caches / name).mkdir()
        os.utime(empty_caches / name, (time.time() - age,) * 2)
    built = install(requirements)
    assert {path.name for path in empty_caches.iterdir()} == {"young", ".building-now", built.key}


def test_one_that_is_used_stays(requirements: Path) -> None:
    entry = install(requirements).folder.parent
    os.utime(entry, (time.time() - MONTH,) * 2)
    install(requirements)
    assert time.time() - entry.stat().st_mtime < MONTH


def test_contents_are_plain_json(requirements: Path) -> None:
    built = install(requirements)
    assert json.loads((built.folder.parent / "contents.json").read_text(encoding="utf-8")) == {
        "files": built.contents.files,
        "compiled": [],
        "distributions": built.contents.distributions,
    }


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"CHATOPS_CACHE_DIR": "/own", "XDG_CACHE_HOME": "/xdg", "HOME": "/home/me"}, "/own/python"),
        ({"XDG_CACHE_HOME": "/xdg", "HOME": "/home/me"}, "/xdg/chatops-constructs/python"),
        ({"HOME": "/home/me"}, "/home/me/.cache/chatops-constructs/python"),
    ],
)
def test_where_it_is(variables: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CHATOPS_CACHE_DIR", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert cache.folder() == Path(expected)
