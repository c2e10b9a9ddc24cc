"""The command line, `chatops-local`."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main", "what_is_missing"]

_NEEDED = ("awslambdaric", "boto3", "ministack", "trustme")
"""What the extra `local` installs and the constructs do without."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run `chatops-local`, or say what to install first.

    Args:
        argv: The arguments. Default: those of the process.

    Returns:
        The exit code: 0, 1 if something failed, 2 if it could not be tried.
    """
    missing = what_is_missing()
    if missing:
        print(f"chatops-local: {missing}", file=sys.stderr)
        return 2
    from chatops_local.cli.command_line import main as run  # noqa: PLC0415 - it imports what may be missing

    return run(argv)


def what_is_missing() -> str:
    """What has to be installed before a local cloud can start; empty if nothing has."""
    missing = [package for package in _NEEDED if find_spec(package) is None]
    if not missing:
        return ""
    return (
        f"{', '.join(missing)} not installed; the local cloud comes with the extra `local`: "
        "pip install 'chatops-constructs[local]'"
    )
