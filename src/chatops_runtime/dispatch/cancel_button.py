"""The acknowledgement of a command that can be cancelled: its words, and a button below them."""

from __future__ import annotations

from chatops_runtime.contracts.control import CANCEL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def below(text: str, handle: str) -> list[dict[str, Any]]:
    """The message's blocks: https://docs.slack.dev/reference/block-kit/blocks/actions-block.

    Args:
        text: What the acknowledgement says.
        handle: Of the command's execution.
    """
    return [
        {"type": "section", "text": {"type": "mrkdwn", "text": text}},
        {
            "type": "actions",
            "elements": [
                {
                    "type": "button",
                    "action_id": CANCEL,
                    "text": {"type": "plain_text", "text": "Cancel"},
                    "value": handle,
                }
            ],
        },
    ]
