"""Text as HTML shows it, with a package that is compiled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import markupsafe

if TYPE_CHECKING:
    from chatops_runtime import SlackCommand


def handler(event: dict[str, Any], _context: object) -> dict[str, str]:
    """What Lambda calls."""
    return {"text": str(markupsafe.escape(event["text"]))}


def command(command: SlackCommand) -> str:
    """What `chatops_runtime` calls, for a slash command."""
    return str(markupsafe.escape(command.text))
