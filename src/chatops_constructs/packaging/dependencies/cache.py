"""Built trees, kept between syntheses.

Each is a folder named by the hash of what it was built from: `tree`, and `contents.json`, which is written last. A tree
is built beside its place and moved there when it is whole, so two syntheses at once, or one that is killed, leave no
half of one. Trees that were not used for a month are removed.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from chatops_constructs.packaging.dependencies.error import DependenciesError
from chatops_constructs.packaging.dependencies.tree import Contents, files_in, sizes

if TYPE_CHECKING:
    from collections.abc import Iterator

VARIABLE = "CHATOPS_CACHE_DIR"
TREE = "tree"
_CONTENTS = "contents.json"
_BEING_BUILT = ".building-"
_DAY = 86_400
_UNUSED = 30 * _DAY


def folder() -> Path:
    """Where trees are kept: `$CHATOPS_CACHE_DIR`, else `chatops-constructs` in the user's cache directory."""
    if own := os.environ.get(VARIABLE):
        return Path(own).absolute() / "python"
    user = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(user).absolute() / "chatops-constructs" / "python"


def find(entry: Path) -> Contents | None:
    """What is in a tree that is there and undamaged.

    Args:
        entry: Its place.
    """
    try:
        found = Contents(**json.loads((entry / _CONTENTS).read_text(encoding="utf-8")))
        whole = found.files == sizes(files_in(entry / TREE))
    except (OSError, ValueError, TypeError):
        return None
    if not whole:
        return None
    with suppress(OSError):
        os.utime(entry)
    return found


@contextmanager
def place_for(entry: Path) -> Iterator[Path]:
    """A new folder in which to build, removed in the end.

    Args:
        entry: Where the tree is to go.

    Raises:
        DependenciesError: There cannot be one.
    """
    try:
        entry.parent.mkdir(parents=True, exist_ok=True)
        _remove_old(entry.parent)
        new = Path(tempfile.mkdtemp(prefix=_BEING_BUILT, dir=entry.parent))
    except OSError as error:
        raise DependenciesError(
            f"packages cannot be kept in {entry.parent}: {error.strerror}; name another folder in {VARIABLE}"
        ) from None
    try:
        yield new
    finally:
        shutil.rmtree(new, ignore_errors=True)


def keep(built: Path, contents: Contents, entry: Path) -> None:
    """Move a tree that was built to its place, unless another synthesis was faster.

    Args:
        built: The folder with the tree.
        contents: What is in it.
        entry: Its place.

    Raises:
        DependenciesError: It cannot be moved there.
    """
    (built / _CONTENTS).write_text(json.dumps(vars(contents)), encoding="utf-8")
    whole = built / "whole"
    whole.mkdir()
    for name in (TREE, _CONTENTS):
        (built / name).rename(whole / name)
    with suppress(OSError):
        # What is there is damaged, or was finished a moment ago; the latter is as good as this one.
        if find(entry) is None and entry.exists():
            entry.rename(built / "damaged")
    with suppress(OSError):
        whole.rename(entry)
    if not (entry / _CONTENTS).is_file():
        raise DependenciesError(
            f"packages cannot be kept in {entry}: remove what is there, or name another folder in {VARIABLE}"
        )


def _remove_old(folder: Path) -> None:
    now = time.time()
    for entry in folder.iterdir():
        kept = _DAY if entry.name.startswith(_BEING_BUILT) else _UNUSED
        with suppress(OSError):
            if now - entry.stat().st_mtime > kept:
                shutil.rmtree(entry, ignore_errors=True)
