"""Requirements are read as pip and uv read them, and what is the same is the same."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatops_constructs.packaging.dependencies.error import DependenciesError
from chatops_constructs.packaging.dependencies.requirements import Requirement, Requirements, parse, read

if TYPE_CHECKING:
    from random import Random

ELSEWHERE = Path("/nowhere/requirements.txt")
A, B = "sha256:" + "a" * 64, "sha256:" + "b" * 64

names = st.from_regex(r"[a-z][a-z0-9]{0,8}", fullmatch=True)
hashes = st.lists(st.from_regex(r"sha256:[0-9a-f]{64}", fullmatch=True), min_size=1, max_size=3, unique=True)
locked = st.builds(lambda name, found: Requirement(f"{name}==1.0", tuple(sorted(found))), names, hashes)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("# nothing\n\n   \n", []),
        ("fast==1.0", ["fast==1.0"]),
        ("fast==1.0  # the fast one", ["fast==1.0"]),
        ("\ufefffast==1.0\r\n", ["fast==1.0"]),
        (f"fast==1.0 --hash={A}", [f"fast==1.0 --hash={A}"]),
        (f"fast==1.0 \\\n    --hash={B} \\\n    --hash={A}\n", [f"fast==1.0 --hash={A} --hash={B}"]),
        (f"fast==1.0 --hash {A} --hash={A}", [f"fast==1.0 --hash={A}"]),
        ("fast==1.0 ; python_version < '3.13'", ["fast==1.0 ; python_version < '3.13'"]),
        ("fast[more] @ https://example.com/fast-1.0-py3-none-any.whl#sha1=x", None),
        ("slow\nfast\nslow", ["fast", "slow"]),
        (f"./wheels/fast-1.0-py3-none-any.whl --hash={A}", [f"./wheels/fast-1.0-py3-none-any.whl --hash={A}"]),
    ],
)
def test_lines(text: str, expected: list[str] | None, tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text(text, encoding="utf-8", newline="")
    found = [str(one) for one in read(tmp_path / "requirements.txt").packages]
    # The part of an address after # is no comment: there is no space before it.
    assert found == (expected if expected is not None else [text])


def test_options_are_kept_in_their_order() -> None:
    text = "--index-url https://example.com/simple\n--extra-index-url https://example.com/more\n--pre\nfast\n--pre\n"
    found = parse(text, ELSEWHERE)
    assert found.options == (
        "--index-url https://example.com/simple",
        "--extra-index-url https://example.com/more",
        "--pre",
    )
    assert str(found) == "\n".join([*found.options, "fast", ""])


@pytest.mark.parametrize("line", ["-f ./wheels", "--find-links wheels", "--find-links=wheels"])
def test_a_folder_of_wheels_is_found_from_everywhere(line: str, tmp_path: Path) -> None:
    (tmp_path / "wheels").mkdir()
    (option,) = parse(line, tmp_path / "requirements.txt").options
    assert Path(option.removeprefix("--find-links ")).samefile(tmp_path / "wheels")


def test_an_address_of_wheels_stays_as_it_is() -> None:
    assert parse("--find-links https://example.com/w", ELSEWHERE).options == ("--find-links https://example.com/w",)


@pytest.mark.parametrize("option", ["-r ", "-r", "--requirement ", "--requirement="])
def test_included_files_are_read_from_their_own_folders(option: str, tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "base.txt").write_text("-r more.txt\nfast\n", encoding="utf-8")
    (tmp_path / "deep" / "more.txt").write_text("slow\n", encoding="utf-8")
    found = parse(f"{option}deep/base.txt\nown\n", tmp_path / "requirements.txt")
    assert [one.text for one in found.packages] == ["fast", "own", "slow"]


def test_constraints_ask_for_nothing(tmp_path: Path) -> None:
    (tmp_path / "constraints.txt").write_text("slow==1.0\n", encoding="utf-8")
    found = parse("-c constraints.txt\nfast\n", tmp_path / "requirements.txt")
    assert [one.text for one in found.packages] == ["fast"]


def test_what_is_not_locked_is_told_without_credentials() -> None:
    found = parse("fast @ https://me:secret@example.com/fast-1.0-py3-none-any.whl", ELSEWHERE)
    assert found.unlocked == ("fast @ https://***@example.com/fast-1.0-py3-none-any.whl",)


@given(st.lists(locked, unique_by=lambda one: one.text), st.randoms())
def test_order_and_layout_change_nothing(packages: list[Requirement], random: Random) -> None:
    expected = tuple(sorted(packages, key=str))
    shuffled = list(packages)
    random.shuffle(shuffled)
    lines = [
        f"{one.text} \\\n    " + " \\\n    ".join(f"--hash={each}" for each in reversed(one.hashes)) + "  # a comment\n"
        for one in shuffled
    ]
    assert parse("".join(lines), ELSEWHERE).packages == expected


@given(st.lists(locked, unique_by=lambda one: one.text), st.lists(st.just("--pre"), max_size=1))
def test_what_is_written_is_read_again(packages: list[Requirement], options: list[str]) -> None:
    requirements = Requirements(tuple(sorted(packages, key=str)), tuple(options), ELSEWHERE.parent)
    assert parse(str(requirements), ELSEWHERE) == requirements
    assert requirements.unlocked == ()


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        found = parse(text, ELSEWHERE)
    except DependenciesError:
        return
    assert all(one.text.strip() == one.text != "" for one in found.packages)
