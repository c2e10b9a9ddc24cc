"""Runs uv and pip."""

from __future__ import annotations

import os
import re
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_LONGEST_OUTPUT = 3_000
_CREDENTIALS = re.compile(r"(?<=://)[^/\s]*@")
# Plain output, in whatever the tool is run.
_PLAIN = {"NO_COLOR": "1", "UV_NO_PROGRESS": "1", "PIP_NO_COLOR": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


class ToolError(Exception):
    """A tool failed.

    Attributes:
        words: What it wrote, without credentials.
    """

    def __init__(self, words: str) -> None:
        """Keep what it wrote.

        Args:
            words: Its error output.
        """
        self.words = without_credentials(words).strip()[-_LONGEST_OUTPUT:]
        super().__init__(self.words)


def run(command: Sequence[str], *, directory: Path) -> str:
    """The standard output of a command that succeeds.

    It has this process's environment: that is where indexes, proxies and certificates are configured.

    Args:
        command: Program and arguments.
        directory: Where it runs.

    Raises:
        ToolError: It failed.
    """
    done = subprocess.run(  # noqa: S603 - uv or pip, found by ourselves
        list(command),
        cwd=directory,
        env=os.environ | _PLAIN,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode:
        raise ToolError(done.stderr or done.stdout)
    return done.stdout


def without_credentials(text: str) -> str:
    """The same text, without what stands before the host of a URL.

    Args:
        text: What may hold URLs.
    """
    return _CREDENTIALS.sub("***@", text)
