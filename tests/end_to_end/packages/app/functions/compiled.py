"""Functions that need the compiled part of a package."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import _speedups, escape

if TYPE_CHECKING:
    from chatops_runtime import SlackCommand


def handler(event: dict[str, Any], _context: object) -> dict[str, str]:
    """As Lambda calls it."""
    return {"text": _told(event["text"])}


def command(command: SlackCommand) -> str:
    """As `chatops_runtime` calls it."""
    return _told(command.text)


def _told(text: str) -> str:
    """In which folder the package is, beside which file of ours, and what it makes of a text."""
    package, ours = Path(_speedups.__file__).parent, Path(__file__).parent
    return f"{package.relative_to(ours)}/{Path(_speedups.__file__).suffix} {escape(text)}"
