"""The distributions in an installed tree: their names, and which file belongs to which."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from email.parser import HeaderParser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container, Iterator
    from email.message import Message
    from pathlib import Path

_RECORD = "RECORD"
_SEPARATORS = re.compile(r"[-_.]+")


@dataclass(frozen=True)
class Distribution:
    """One of them.

    Attributes:
        info: Its `.dist-info` folder.
        name: As its metadata have it.
        version: As its metadata have it.
        requires: What it needs in turn.
        requires_python: The versions of Python that it says to run on, `>=3.10`; empty for any.
        tags: Of the wheel it came in: `cp314-cp314-manylinux_2_17_aarch64`.
        files: Relative to the tree.
    """

    info: Path
    name: str
    version: str
    requires: tuple[str, ...]
    requires_python: str
    tags: tuple[str, ...]
    files: tuple[str, ...]

    def __str__(self) -> str:
        """Name and version, as people say them."""
        return f"{self.name} {self.version}"


def normalised(name: str) -> str:
    """A package's name as indexes have it: `Zope.Interface` is `zope-interface`.

    Args:
        name: Any spelling.
    """
    return _SEPARATORS.sub("-", name).lower()


def distributions_in(tree: Path) -> list[Distribution]:
    """All of them, in order of their names.

    Args:
        tree: Where they are installed.
    """
    return [_read(info) for info in sorted(tree.glob("*.dist-info"))]


def _read(info: Path) -> Distribution:
    metadata, wheel = _headers(info / "METADATA"), _headers(info / "WHEEL")
    return Distribution(
        info=info,
        name=metadata["Name"],
        version=metadata["Version"],
        requires=tuple(metadata.get_all("Requires-Dist", [])),
        requires_python=metadata.get("Requires-Python", ""),
        tags=tuple(wheel.get_all("Tag", [])),
        files=tuple(path for path, _ in _recorded(info)),
    )


def _headers(path: Path) -> Message:
    """The fields of a file, without the description that may follow them."""
    return HeaderParser().parsestr(path.read_text(encoding="utf-8").partition("\n\n")[0])


def _recorded(info: Path) -> Iterator[tuple[str, list[str]]]:
    """Each file that a distribution says to have brought, and the line that says so.

    https://packaging.python.org/en/latest/specifications/recording-installed-packages/#the-record-file: a path may lead
    out of the tree and back, as pip's do that lead to scripts.
    """
    with (info / _RECORD).open(encoding="utf-8", newline="") as file:
        for line in csv.reader(file):
            if line:
                yield "/".join(part for part in line[0].split("/") if part != ".."), line[1:]


def record(info: Path, there: Container[str]) -> None:
    """Rewrite a distribution's record: the files that are there, in order, whoever installed them.

    Args:
        info: Its `.dist-info` folder.
        there: The paths of all files in the tree.
    """
    lines = sorted([path, *rest] for path, rest in _recorded(info) if path in there)
    # A file of its own: the one that is there may be a link into the cache of uv.
    (info / _RECORD).unlink()
    with (info / _RECORD).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(lines)
