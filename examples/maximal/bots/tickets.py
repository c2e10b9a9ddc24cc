"""Tickets from reactions, shortcuts and a button."""

from __future__ import annotations

from typing import Any

from chatops_runtime import Reply, SlackEvent, SlackInteraction, escape


def offer(event: SlackEvent) -> Reply | None:
    """Offer a ticket for a message that somebody marks with :ticket:."""
    if event.event.get("reaction") != "ticket":
        return None
    return Reply(
        text="Shall this be a ticket?", blocks=[_question(), _button("ticket_open", "Open a ticket", event.ts)]
    )


def file(interaction: SlackInteraction) -> Reply:
    """File a ticket, of a click or of the message on which somebody has used the shortcut."""
    about = interaction.message.get("text") or interaction.value
    return Reply(mrkdwn=f"*A ticket* of <@{interaction.user_id}>: {escape(about)}")


def _question() -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": "Shall this be a ticket?"}}


def _button(action_id: str, text: str, value: str) -> dict[str, Any]:
    label = {"type": "plain_text", "text": text}
    return {"type": "actions", "elements": [{"type": "button", "action_id": action_id, "text": label, "value": value}]}
