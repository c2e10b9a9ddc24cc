"""A message with controls of the app's own."""

from __future__ import annotations

from chatops_runtime import Reply, SlackCommand


def show(command: SlackCommand) -> Reply:
    """Show buttons for everybody in the channel, each with what it is to do as its value."""
    del command
    buttons = [
        {
            "type": "button",
            "action_id": action_id,
            "text": {"type": "plain_text", "text": text},
            "value": value,
        }
        for action_id, text, value in (
            ("go_now", "Go", "at once"),
            ("go_later", "Later", "in a while"),
            ("go_now.quietly", "Quietly", "nothing"),
            ("unknown", "Nobody", "x"),
        )
    ]
    return Reply(blocks=[{"type": "actions", "elements": buttons}], text="controls", visible="channel")
