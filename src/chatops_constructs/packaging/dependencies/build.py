"""From a lock to a folder with packages that run on the target, built once."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache as remembered
from hashlib import sha256
from typing import TYPE_CHECKING

from chatops_constructs.packaging.dependencies import cache
from chatops_constructs.packaging.dependencies.explanation import explained
from chatops_constructs.packaging.dependencies.running import ToolError
from chatops_constructs.packaging.dependencies.tools import installer
from chatops_constructs.packaging.dependencies.tree import Contents, contents, tidy

if TYPE_CHECKING:
    from pathlib import Path

    from chatops_constructs.packaging.dependencies.lock import Lock
    from chatops_constructs.packaging.dependencies.target import Target

# To be raised whenever the same packages make another tree.
_FORMAT = 1


@dataclass(frozen=True)
class Packages:
    """Installed packages.

    Attributes:
        key: The hash of what they were built from: the same on every machine.
        folder: Where they are.
        contents: What is in it.
    """

    key: str
    folder: Path
    contents: Contents


def packages(lock: Lock, target: Target, foreign: tuple[str, ...] = ()) -> Packages:
    """What a lock names, installed for a target, now or at an earlier synthesis.

    Args:
        lock: What to install.
        target: Where it runs.
        foreign: The names of packages whose binaries may be for other machines.

    Raises:
        DependenciesError: It could not be installed, or could not run there.
    """
    inputs = [_FORMAT, target.fingerprint, [str(one) for one in lock.requirements.packages], foreign]
    key = sha256(json.dumps(inputs).encode()).hexdigest()
    entry = cache.folder() / key
    return Packages(key, entry / cache.TREE, _contents(entry, lock, target, foreign))


@remembered
def _contents(entry: Path, lock: Lock, target: Target, foreign: tuple[str, ...]) -> Contents:
    """Looked through once, however many functions of an app have the same packages."""
    return cache.find(entry) or _build(entry, lock, target, foreign)


def _build(entry: Path, lock: Lock, target: Target, foreign: tuple[str, ...]) -> Contents:
    tool = installer()
    with cache.place_for(entry) as place:
        tree = place / cache.TREE
        tree.mkdir()
        try:
            tool.install(lock.requirements, into=tree, beside=place, target=target)
        except ToolError as error:
            raise explained(error, tool.name, lock.name, target) from None
        tidy(tree)
        found = contents(tree, target, foreign)
        cache.keep(place, found, entry)
    return found
