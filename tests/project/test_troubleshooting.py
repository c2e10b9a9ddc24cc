"""The messages that the page of troubleshooting explains are those that the code writes."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "troubleshooting.md").read_text(encoding="utf-8")
# What Slack itself shows, and AWS.
SLACKS = ("failed with the error", "operation_timeout", "app_missing_action_url")
OTHERS = {*SLACKS, "AccessDeniedException", "dispatch_failed"}
SHORTEST = 6


def first_cells() -> list[str]:
    return [line.split("|")[1] for line in PAGE.splitlines() if line.startswith("| ")]


def quoted() -> list[str]:
    """The literal parts of the messages in the tables' first cells: what stands between the `…` in quotes."""
    parts = []
    for message in re.findall(r'"([^"]+)"', " ".join(first_cells())):
        if not any(words in message for words in SLACKS):
            parts += [part.strip(" .()") for part in message.split("…")]
    return [part for part in dict.fromkeys(parts) if len(part) >= SHORTEST]


def outcomes() -> list[str]:
    """The outcomes and names of errors in the first cells, but for those that are cut off."""
    names = [name for cell in first_cells() for name in re.findall(r"`([A-Za-z_]+)`", cell)]
    return [name for name in dict.fromkeys(names) if name not in {*OTHERS, "outcome"}]


@pytest.fixture(scope="module")
def texts() -> str:
    """All strings and class names of the library; adjacent literals are one, what is filled in is left out."""
    found = []
    for package in ("chatops_runtime", "chatops_constructs"):
        for path in sorted((ROOT / "src" / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    found.append(node.value)
                elif isinstance(node, ast.ClassDef):
                    found.append(node.name)
    return "\n".join(found)


def test_there_are_messages_on_the_page() -> None:
    assert len(quoted()) > 20
    assert len(outcomes()) > 10


@pytest.mark.parametrize("words", quoted())
def test_the_code_says_so(words: str, texts: str) -> None:
    assert words in texts


@pytest.mark.parametrize("name", outcomes())
def test_the_code_has_it(name: str, texts: str) -> None:
    assert re.search(rf"\b{name}\b", texts)
