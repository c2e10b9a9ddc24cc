"""The files of two stages' assets beside each other."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING

from chatops_constructs.stages.correspondence import NOTHING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from chatops_constructs.stages.correspondence import Correspondence, Place
    from chatops_constructs.stages.flat import Flat

_A_FILE = "a file"


class AssetPair:
    """Compares assets by what is in their files: their hashes differ if the name of the stage is in one."""

    def __init__(
        self,
        first: Mapping[str, Path],
        second: Mapping[str, Path],
        correspondence: Correspondence,
        *,
        are_built: bool,
    ) -> None:
        """Take the assets of two stages.

        Args:
            first: By hash, the file or folder.
            second: The same, of the other one.
            correspondence: Compares what is in files.
            are_built: Whether those that have to be built are; otherwise one folder is taken to be another.
        """
        self._first = first
        self._second = second
        self._correspondence = correspondence
        self._are_built = are_built
        self._found_same: dict[tuple[str, str], bool] = {}

    def are_same(self, first: str, second: str) -> bool:
        """Whether the assets with two hashes are there and the same but for the stages' own words."""
        if (first, second) not in self._found_same:
            self._found_same[first, second] = (
                first in self._first and second in self._second and next(self.differences(first, second), None) is None
            )
        return self._found_same[first, second]

    def differences(self, first: str, second: str) -> Iterator[Place]:
        """Where the assets with two hashes differ: the file, and the place in it if it is JSON."""
        one, other = self._first.get(first), self._second.get(second)
        if not self._are_built and one and other and one.is_dir() and other.is_dir():
            return
        mine, theirs = _files(one), _files(other)
        for name in sorted(mine.keys() | theirs.keys()):
            if name not in theirs:
                yield name, _A_FILE, NOTHING
            elif name not in mine:
                yield name, NOTHING, _A_FILE
            else:
                yield from self._of_files(name, mine[name], theirs[name])

    def _of_files(self, name: str, first: Path, second: Path) -> Iterator[Place]:
        mine, theirs = first.read_bytes(), second.read_bytes()
        if mine == theirs:
            return
        for place, one, other in self._correspondence.differences(_value(mine), _value(theirs)):
            yield f"{name} {place}".strip(), one, other


def _files(path: Path | None) -> dict[str, Path]:
    if path is None:
        return {}
    if path.is_file():
        return {"": path}
    return {file.relative_to(path).as_posix(): file for file in path.rglob("*") if file.is_file()}


def _value(content: bytes) -> Flat:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return f"{len(content)} bytes with the hash {sha256(content).hexdigest()[:8]}"
    try:
        value: Flat = json.loads(text)
    except ValueError:
        return text
    return value
