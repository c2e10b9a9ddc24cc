"""What Slack shows and people click on, as text and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_local.cli.style import Style, indented, with_emoji

if TYPE_CHECKING:
    from chatops_local.slack import Message, SentClick

_INDENT = "    "


def message_as_text(message: Message, since: float, style: Style) -> str:
    """A message for people: who sees it, how long after `since`, and what it says."""
    where = " in a thread" if message.thread_ts else ""
    audience = f"everybody in {message.channel}" if message.user is None else f"only {message.user}"
    how = "deleted" if message.deleted else "changed" if message.edited_at else f"by {message.via}{where}"
    head = f"  +{message.shown_at - since:.1f} s to {audience}, {how}"
    extras = [f"would notify {mention}" for mention in message.notifies] + ["truncated by Slack"] * message.truncated
    shown = "" if message.deleted else "\n" + indented(with_emoji(message.shown), _INDENT)
    return style.faint("; ".join([head, *extras])) + shown


def click_as_text(click: SentClick, since: float, style: Style) -> str:
    """A click or a choice for people: who, how long after `since`, on what, and whether the app took it."""
    ack = click.ack
    taken = f"ack {ack.ms:,.0f} ms" if ack.ok else f"ack {ack.ms:,.0f} ms: Slack shows a warning, {ack.error}"
    did = f"chooses {', '.join(click.chosen)}" if click.chosen else f"clicks on {click.label}"
    text = f"{click.user_id} {did}, {taken}"
    return style.faint(f"  +{click.sent_at - since:.1f} s ") + (text if ack.ok else style.bad(text))


def message_as_json(message: Message, since: float) -> dict[str, Any]:
    """A message for programs."""
    return {
        "via": message.via,
        "channel": message.channel,
        "user": message.user,
        "ts": message.ts,
        "thread_ts": message.thread_ts,
        "after_seconds": round(message.shown_at - since, 3),
        "changed": message.edited_at is not None,
        "deleted": message.deleted,
        "shown": message.shown,
        "text": message.text,
        "blocks": list(message.blocks),
        "notifies": list(message.notifies),
        "unfurls": list(message.unfurls),
        "truncated": message.truncated,
    }
