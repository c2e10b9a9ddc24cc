"""What an app asked Slack to show: checked against Slack's limits, or refused with Slack's error code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chatops_local.slack import block_kit, mrkdwn

MAX_TEXT = 40_000
"""Slack truncates longer text (https://docs.slack.dev/reference/methods/chat.postMessage, "Truncating content")."""


class RejectedError(Exception):
    """Slack refuses a message or a call."""

    def __init__(self, code: str, details: list[str] | None = None) -> None:
        """Refuse with Slack's error `code`, such as `invalid_blocks`."""
        super().__init__(code if not details else f"{code}: {'; '.join(details)}")
        self.code = code
        self.details = details or []


@dataclass(frozen=True)
class Content:
    """A message's content as Slack shows it."""

    text: str
    blocks: tuple[dict[str, Any], ...]
    notifies: tuple[str, ...]
    unfurls: tuple[str, ...]
    truncated: bool

    @classmethod
    def read(cls, payload: dict[str, Any]) -> Content:
        """The content of a message payload.

        Raises:
            RejectedError: `no_text`, `invalid_blocks`, `msg_blocks_too_long` or `invalid_attachments`.
        """
        text, blocks = payload.get("text") or "", payload.get("blocks") or []
        if payload.get("attachments"):
            raise RejectedError("invalid_attachments", ["the Slack double knows no attachments: use blocks"])
        if not isinstance(text, str) or not (text or blocks):
            raise RejectedError("no_text")
        if problems := block_kit.problems_of(blocks):
            raise RejectedError("invalid_blocks", problems)
        if (length := block_kit.text_length(blocks)) > block_kit.MAX_MESSAGE_TEXT:
            raise RejectedError(
                "msg_blocks_too_long", [f"{length} characters, {block_kit.MAX_MESSAGE_TEXT} are allowed"]
            )
        shown = payload | {"text": text[:MAX_TEXT]}
        return cls(shown["text"], tuple(blocks), mrkdwn.notified(shown), mrkdwn.unfurled(shown), len(text) > MAX_TEXT)
