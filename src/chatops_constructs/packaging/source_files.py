"""Which files of a folder are a function's source."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from chatops_constructs.packaging.runtime_asset import EXCLUDED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

# Byte code, and what is hidden: environments, repositories, caches of tools, and files with secrets.
LEFT_OUT = (*EXCLUDED, ".*")
# https://docs.python.org/3/library/venv.html: marks an environment, however it is called.
ENVIRONMENT = "pyvenv.cfg"


def source_files(folder: Path) -> dict[str, Path]:
    """The files, by their paths in the folder, in order.

    Args:
        folder: The folder.

    Raises:
        ValueError: A link leads back to a folder above it.
    """
    return dict(sorted((path.relative_to(folder).as_posix(), path) for path in _files(folder, ())))


def hash_of(files: Mapping[str, Path]) -> str:
    """A hash of their names and contents, and of which may be run, the same wherever they are.

    Args:
        files: By their names.
    """
    found = sha256()
    for name, path in files.items():
        content = path.read_bytes()
        found.update(b"%d %d %d " % (len(name.encode()), len(content), is_program(path)))
        found.update(name.encode() + content)
    return found.hexdigest()


def is_program(path: Path) -> bool:
    """Whether its owner may run it."""
    return bool(path.stat().st_mode & 0o100)


def _files(folder: Path, above: tuple[Path, ...]) -> Iterator[Path]:
    real = folder.resolve()
    if real in above:
        raise ValueError(f"{folder} is a link to a folder above it: take it out of the source")
    for path in folder.iterdir():
        if any(path.match(pattern) for pattern in LEFT_OUT):
            continue
        if not path.is_dir():
            yield path
        elif not (path / ENVIRONMENT).is_file():
            yield from _files(path, (*above, real))
