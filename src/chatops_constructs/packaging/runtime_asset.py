"""Copies of `chatops_runtime`, laid out as Lambda wants them, without what must not be in an asset's hash."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from aws_cdk import aws_lambda as lambda_

from chatops_constructs import _asset_hash
from chatops_constructs.packaging.runtime_modules import PACKAGE, modules_of

# Byte code differs between Python versions and machines, and so would the hash.
EXCLUDED = ("__pycache__", "*.pyc")


def code_of(handler: str) -> lambda_.Code:
    """The code of a function: the modules of the package that its handler needs, in one archive.

    A module that a function lacks is nothing to load, nothing to attack, and no reason to deploy the function again
    when it changes.
    """
    return _asset(staged("", modules_of(handler)))


def code_of_layer(folder: str) -> lambda_.Code:
    """The whole package below `folder`, for a layer."""
    return _asset(staged(folder))


@cache
def staged(prefix: str, modules: frozenset[str] | None = None) -> Path:
    """A folder that holds `prefix/chatops_runtime`, one per process, removed when the process ends.

    A copy, since an asset has to contain the package's folder itself, and beside it in site-packages lies everything
    else that is installed.

    Args:
        prefix: The folder above the package; empty for none.
        modules: The modules to copy; a package among them comes with its files that are no modules. Default: all.
    """
    root = Path(tempfile.mkdtemp(prefix="chatops-runtime-"))
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    excluded = shutil.ignore_patterns(*EXCLUDED)

    def left_out(folder: str, names: list[str]) -> set[str]:
        return excluded(folder, names) | (set() if modules is None else _others(Path(folder), names, modules))

    shutil.copytree(PACKAGE, root / prefix / PACKAGE.name, ignore=left_out)
    return root


def _others(folder: Path, names: list[str], modules: frozenset[str]) -> set[str]:
    """What of a folder belongs to other modules only."""
    package = ".".join(folder.relative_to(PACKAGE.parent).parts)
    return {
        name
        for name in names
        if _is_module(folder / name) and f"{package}.{Path(name).stem}" not in modules and name != "__init__.py"
    }


def _is_module(path: Path) -> bool:
    return path.suffix == ".py" or (path / "__init__.py").is_file()


def _asset(root: Path) -> lambda_.Code:
    return lambda_.Code.from_asset(str(root), asset_hash=_hash(root))


@cache
def _hash(root: Path) -> str:
    return _asset_hash.of_folder(root)
