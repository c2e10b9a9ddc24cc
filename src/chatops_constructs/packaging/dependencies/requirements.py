"""Requirements as pip and uv write them: https://pip.pypa.io/en/stable/reference/requirements-file-format/."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatops_constructs.packaging.dependencies.error import DependenciesError
from chatops_constructs.packaging.dependencies.running import without_credentials

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_CONTINUED = re.compile(r"\\\r?\n")
_COMMENT = re.compile(r"(^|\s)#.*$")
_INCLUDED = re.compile(r"(?:-r|-c|--requirement|--constraint)(?:\s+|\s*=\s*)?(?P<path>\S+)$")
_CONSTRAINTS = ("-c", "--constraint")
_FIND_LINKS = re.compile(r"(?P<option>-f|--find-links)(?:\s+|\s*=\s*)(?P<path>\S+)$")
_HASH = re.compile(r"\s--hash[= ](\S+)")
# Source that would have to be built: an editable one, a folder, a repository.
_SOURCE = re.compile(r"^(?:-e|--editable)\b|(?:^|@\s*)(?:\w+\+|file:|\.{0,2}/|\.{1,2}(?:\s|$))(?!\S+\.whl\b)")


@dataclass(frozen=True)
class Requirement:
    """One line that asks for a package.

    Attributes:
        text: Without its hashes: `markupsafe==3.0.4 ; python_version < "3.15"`.
        hashes: `sha256:…`, sorted.
    """

    text: str
    hashes: tuple[str, ...]

    @property
    def options(self) -> str:
        """The hashes, as options of a line."""
        return " ".join(f"--hash={one}" for one in self.hashes)

    def __str__(self) -> str:
        """The line."""
        return f"{self.text} {self.options}".strip()


@dataclass(frozen=True)
class Requirements:
    """What a file asks for, and those that it includes.

    Attributes:
        packages: Sorted.
        options: Where packages come from and the like: `--index-url https://…`.
        directory: What relative paths are relative to.
    """

    packages: tuple[Requirement, ...]
    options: tuple[str, ...]
    directory: Path

    @property
    def unlocked(self) -> tuple[str, ...]:
        """What has no hash, so that anything might come for it."""
        return tuple(without_credentials(one.text) for one in self.packages if not one.hashes)

    def __str__(self) -> str:
        """As a file that includes no other."""
        return "".join(f"{line}\n" for line in (*self.options, *self.packages))


def read(path: Path) -> Requirements:
    """What a file asks for.

    Args:
        path: The file.

    Raises:
        DependenciesError: It includes a file that is not there, or asks for what is no wheel.
    """
    return parse(_content(path), path)


def parse(text: str, path: Path) -> Requirements:
    """What a text asks for.

    Args:
        text: The text.
        path: The file that it is from, or might be.

    Raises:
        DependenciesError: As `read`.
    """
    packages: set[Requirement] = set()
    options: dict[str, None] = {}
    for line in _lines(text, path):
        if _SOURCE.search(line):
            raise DependenciesError(
                f"{path.name} asks for {without_credentials(line)!r}, which is source; only wheels are installed, "
                "since source would be built for the machine that synthesises: build a wheel of it and name that with "
                "its hash, or put its code into the folder of the function"
            )
        if line.startswith("-"):
            options[line] = None
        else:
            packages.add(Requirement(_HASH.sub("", line).strip(), tuple(sorted(set(_HASH.findall(line))))))
    return Requirements(tuple(sorted(packages, key=str)), tuple(options), path.parent)


def _content(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise DependenciesError(f"{path} cannot be read: {error}") from None


def _lines(text: str, path: Path) -> Iterator[str]:
    """The logical lines, with those of included files in their place."""
    for raw in _CONTINUED.sub("", text).splitlines():
        line = _COMMENT.sub("", raw).strip()
        if found := _INCLUDED.match(line):
            yield from _included(line, path.parent / found["path"])
        elif found := _FIND_LINKS.match(line):
            yield f"--find-links {_resolved(found['path'], path.parent)}"
        elif line:
            yield line


def _included(line: str, path: Path) -> Iterator[str]:
    lines = _lines(_content(path), path)
    # What only constrains is not asked for, and a lock leaves nothing to constrain.
    return iter(()) if line.startswith(_CONSTRAINTS) else lines


def _resolved(location: str, directory: Path) -> str:
    folder = directory / location
    return str(folder) if "://" not in location and folder.is_dir() else location
