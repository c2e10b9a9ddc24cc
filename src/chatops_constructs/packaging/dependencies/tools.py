"""Which tool there is to install packages with."""

from __future__ import annotations

import shutil
from importlib import import_module
from importlib.util import find_spec

from chatops_constructs.packaging.dependencies.error import DependenciesError
from chatops_constructs.packaging.dependencies.pip import Pip
from chatops_constructs.packaging.dependencies.uv import Uv

GET_UV = "install uv (`pip install uv`, or https://docs.astral.sh/uv/getting-started/installation/)"


def installer() -> Uv | Pip:
    """uv, or pip if there is no uv.

    Raises:
        DependenciesError: There is neither.
    """
    found = uv() or (Pip() if find_spec("pip") else None)
    if found is None:
        raise DependenciesError(f"there is neither uv nor pip to install packages with: {GET_UV}")
    return found


def uv_for(purpose: str) -> Uv:
    """uv, for what pip cannot do.

    Args:
        purpose: Such as `uv.lock is read`.

    Raises:
        DependenciesError: There is none.
    """
    found = uv()
    if found is None:
        raise DependenciesError(f"{purpose} with uv, and there is none: {GET_UV}")
    return found


def uv() -> Uv | None:
    """The uv of this environment, or the one on the path."""
    program = _uv_of_this_environment() or shutil.which("uv")
    return Uv(program) if program else None


def _uv_of_this_environment() -> str | None:
    if find_spec("uv") is None:
        return None
    try:
        return str(import_module("uv").find_uv_bin())
    except FileNotFoundError:
        return None
