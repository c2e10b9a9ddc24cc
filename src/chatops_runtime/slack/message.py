"""A message to Slack, before it is known which way it goes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from chatops_runtime.contracts.commands_table import VISIBLE_TO_CHANNEL
from chatops_runtime.contracts.reply import MAX_BLOCKS
from chatops_runtime.slack import mrkdwn


@dataclass(frozen=True)
class Message:
    """What is to be said.

    Attributes:
        text: In Slack's markup. With `blocks` it is what notifications show.
        blocks: Block Kit, or None.
        visible: The audience, or None for the command's own.
        is_plain: Whether `text`, escaped as it is, holds no markup: `*` in it is a `*`.
    """

    text: str
    blocks: list[dict[str, Any]] | None = None
    visible: str | None = None
    is_plain: bool = False

    def for_response_url(self, visible: str, thread_ts: str = "") -> dict[str, Any]:
        """The message as a response_url takes it; below a message only if everybody sees it.

        https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
        """
        in_channel = visible == VISIBLE_TO_CHANNEL
        audience = "in_channel" if in_channel else "ephemeral"
        below = {"thread_ts": thread_ts} if thread_ts and in_channel else {}
        return {"response_type": audience, "replace_original": False, **below, **self._content()}

    def for_conversation(self, conversation_id: str) -> dict[str, Any]:
        """The message as chat.postMessage takes it, to a channel's id or a user's."""
        return {"channel": conversation_id, **self._content()}

    def for_update(self, conversation_id: str, message_ts: str) -> dict[str, Any]:
        """The message as chat.update takes it, in place of another one: blocks that are left out would stay."""
        content = {"text": self.text, "blocks": self.blocks or []}
        return {"channel": conversation_id, "ts": message_ts, **content}

    def in_place_of_channel(self, channel_id: str) -> Message:
        """The message for one person, who is told for which channel it was meant.

        Fifty blocks are as many as Slack takes: with so many, only the notification says it.
        """
        lead = f"For the channel {channel_id}:" if self.is_plain else f"For {mrkdwn.channel(channel_id)}:"
        blocks = self.blocks
        if blocks is not None and len(blocks) < MAX_BLOCKS:
            blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": lead}}, *blocks]
        return replace(self, text=f"{lead}\n{self.text}", blocks=blocks)

    def _content(self) -> dict[str, Any]:
        """Never unfurled: what a program printed must not make Slack fetch and show pages."""
        content: dict[str, Any] = {"text": self.text, "unfurl_links": False, "unfurl_media": False}
        if self.blocks is not None:
            content["blocks"] = self.blocks
        if self.is_plain:
            content["mrkdwn"] = False
        return content
