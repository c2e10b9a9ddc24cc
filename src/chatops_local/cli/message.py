"""What Slack shows, as text and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_local.cli.style import Style, indented, with_emoji

if TYPE_CHECKING:
    from chatops_local.slack import Message

_INDENT = "    "


def message_as_text(message: Message, since: float, style: Style) -> str:
    """A message for people: who sees it, how long after `since`, and what it says."""
    audience = f"everybody in {message.channel}" if message.user is None else f"only {message.user}"
    head = f"  +{message.at - since:.1f} s to {audience}, by {message.via}"
    extras = [f"would notify {mention}" for mention in message.notifies] + ["truncated by Slack"] * message.truncated
    return style.faint("; ".join([head, *extras])) + "\n" + indented(with_emoji(message.shown), _INDENT)


def message_as_json(message: Message, since: float) -> dict[str, Any]:
    """A message for programs."""
    return {
        "via": message.via,
        "channel": message.channel,
        "user": message.user,
        "after_seconds": round(message.at - since, 3),
        "shown": message.shown,
        "text": message.text,
        "blocks": list(message.blocks),
        "notifies": list(message.notifies),
        "unfurls": list(message.unfurls),
        "truncated": message.truncated,
    }
