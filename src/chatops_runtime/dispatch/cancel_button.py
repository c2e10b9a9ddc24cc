"""The acknowledgement of a command that can be cancelled: its words, and a button below them."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# As `contracts.control` has them, which is four times as much to load before the answer. A test holds them together.
_ACTION_ID = "chatops.cancel"
_HANDLE = "v1:{machine}:{execution}:"


def handle(machine: str, execution: str) -> str:
    """The button's value, for an execution of a state machine; both by their names."""
    return _HANDLE.format(machine=machine, execution=execution)


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
                    "action_id": _ACTION_ID,
                    "text": {"type": "plain_text", "text": "Cancel"},
                    "value": handle,
                }
            ],
        },
    ]
