"""What Slack would say of a message's blocks: by slack_sdk's models and by the local Slack's checks."""

from typing import Any

from slack_sdk.models.blocks import ActionsBlock, Block, SectionBlock

from chatops_local.slack import block_kit
from chatops_runtime.slack.message import Message


def checked(message: Message) -> list[dict[str, Any]]:
    """The blocks of `message`, which Slack would take."""
    blocks = message.blocks or []
    assert block_kit.problems_of(blocks) == []
    assert block_kit.text_length(blocks) <= block_kit.MAX_MESSAGE_TEXT
    for block in blocks:
        parsed = Block.parse(block)
        assert parsed is not None
        parsed.validate_json()
        if isinstance(parsed, SectionBlock) and parsed.accessory is not None:
            parsed.accessory.validate_json()
        if isinstance(parsed, ActionsBlock):
            for element in parsed.elements:
                element.validate_json()
    assert message.text
    return blocks


def texts(blocks: list[dict[str, Any]]) -> str:
    """All markup that the blocks show."""
    return "\n".join(
        part["text"]
        for block in blocks
        for part in [block.get("text"), *(block["elements"] if block["type"] == "context" else [])]
        if part is not None
    )


def controls(blocks: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The elements that can be clicked, by `action_id`."""
    elements = [
        element
        for block in blocks
        for element in [*(block["elements"] if block["type"] == "actions" else []), block.get("accessory")]
        if element is not None
    ]
    named = {element["action_id"]: element for element in elements}
    assert len(named) == len(elements)
    return named
