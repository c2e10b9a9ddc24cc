"""What a command's function may answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from chatops_runtime.contracts.reply import MAX_BLOCKS


@dataclass(frozen=True)
class Reply:
    """An answer to the user: one of `text`, `mrkdwn` and `blocks`.

    Attributes:
        text: Plain text: `<!channel>` in it pings nobody. Beside `blocks` it is what notifications show.
        mrkdwn: Text in Slack's own markup, shown as it is: put what users typed through `escape` first.
        blocks: Block Kit, shown as it is; at most 50 blocks.
        visible: `"user"` or `"channel"`, for another audience than the command's own. Default: the command's.
    """

    text: str | None = None
    mrkdwn: str | None = None
    blocks: list[dict[str, Any]] | None = None
    visible: Literal["user", "channel"] | None = None

    def __post_init__(self) -> None:
        """Refuse what could not be shown, here, where the stack shows who made it."""
        given = [name for name in ("text", "mrkdwn", "blocks") if getattr(self, name) is not None]
        if given not in (["text"], ["mrkdwn"], ["blocks"], ["text", "blocks"]):
            raise ValueError(
                f"Reply has {' and '.join(given) or 'no content'}: give one of text, mrkdwn and blocks, "
                "or blocks with text for notifications"
            )
        for name in ("text", "mrkdwn"):
            value = getattr(self, name)
            if value is not None and not isinstance(value, str):
                raise TypeError(f"Reply's {name} is of type {type(value).__name__}: give a str")
        if self.visible not in (None, "user", "channel"):
            raise ValueError(
                f"Reply's visible is {self.visible!r}: give 'user', 'channel' or None for the command's own"
            )
        if self.blocks is not None:
            self._check_blocks(self.blocks)

    @staticmethod
    def _check_blocks(blocks: object) -> None:
        if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
            raise TypeError("Reply's blocks are not a list of dicts: give Block Kit blocks as plain dicts")
        if not 0 < len(blocks) <= MAX_BLOCKS:
            raise ValueError(f"Reply has {len(blocks)} blocks: Slack takes 1 to {MAX_BLOCKS} in a message")

    def to_contract(self) -> dict[str, Any]:
        """The answer as the report function reads it: see `chatops_runtime.contracts.reply`."""
        parts = {"text": self.text, "mrkdwn": self.mrkdwn, "blocks": self.blocks, "visible": self.visible}
        return {name: part for name, part in parts.items() if part is not None}
