"""The command line, `chatops-constructs`."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run `chatops-constructs`, or say what to install first.

    Args:
        argv: The arguments. Default: those of the process.

    Returns:
        The exit code: 0, 1 if there is something to do, 2 if the command line was wrong or lacks a package.
    """
    if find_spec("boto3") is None:
        sys.stderr.write(
            "chatops-constructs: boto3 is not installed; it comes with the extra `cli`: "
            "pip install 'chatops-constructs[cli]'\n"
        )
        return 2
    from chatops_setup.cli.command_line import main as run  # noqa: PLC0415 - it imports what may be missing

    return run(argv)
