"""Block Kit's limits (https://docs.slack.dev/reference/block-kit/blocks), with Slack's kind of error texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_local.slack import block_elements

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chatops_local.slack.block_elements import Problem

MAX_BLOCKS = 50
MAX_MESSAGE_TEXT = 13_200
"""All text of a message's blocks together. Undocumented; measured in https://github.com/slackapi/bolt-js/issues/2509."""
MAX_MARKDOWN = 12_000

Json = dict[str, Any]


def problems_of(blocks: Any) -> list[str]:  # noqa: ANN401 - whatever the app sent
    """What makes Slack answer `invalid_blocks`; empty if nothing does."""
    if not isinstance(blocks, list):
        return ["blocks must be a list [json-pointer:/blocks]"]
    found: list[Problem] = []
    if len(blocks) > MAX_BLOCKS:
        found.append(("/blocks", f"no more than {MAX_BLOCKS} items allowed, got {len(blocks)}"))
    for index, block in enumerate(blocks):
        found += ((f"/blocks/{index}{pointer}", text) for pointer, text in _problems_of_block(block))
    block_ids = [block["block_id"] for block in blocks if isinstance(block, dict) and block.get("block_id")]
    if len(set(block_ids)) != len(block_ids):
        found.append(("/blocks", "block_id must be unique within a message"))
    if sum(len(block.get("text") or "") for block in _of_type(blocks, "markdown")) > MAX_MARKDOWN:
        found.append(("/blocks", f"all markdown blocks together must be no more than {MAX_MARKDOWN} characters"))
    return [f"{text} [json-pointer:{pointer}]" for pointer, text in found]


def text_length(part: Any) -> int:  # noqa: ANN401 - any part of a block's JSON
    """The characters of all texts in `part`."""
    if isinstance(part, list):
        return sum(map(text_length, part))
    if isinstance(part, dict):
        own = part.get("text")
        return (len(own) if isinstance(own, str) else 0) + sum(map(text_length, part.values()))
    return 0


def _of_type(blocks: list[Any], kind: str) -> Iterator[Json]:
    return (block for block in blocks if isinstance(block, dict) and block.get("type") == kind)


def _problems_of_block(block: Any) -> Iterator[Problem]:  # noqa: ANN401
    if not isinstance(block, dict):
        yield "", "must be an object"
        return
    check = _BLOCKS.get(str(block.get("type")))
    if check is None:
        yield "/type", f"unsupported type: {block.get('type')}"
        return
    if len(str(block.get("block_id") or "")) > 255:
        yield "/block_id", "must be no more than 255 characters"
    yield from check(block)


def _section(block: Json) -> Iterator[Problem]:
    if "text" not in block and "fields" not in block:
        yield "", "must define either `fields` or `text`"
    if "text" in block:
        yield from block_elements.text(block["text"], "/text", maximum=3_000)
    if "fields" in block:
        yield from block_elements.items(
            block["fields"], "/fields", maximum=10, check=lambda each: block_elements.text(each, "", maximum=2_000)
        )
    if "accessory" in block:
        yield from block_elements.below("/accessory", block_elements.in_section(block["accessory"]))


def _header(block: Json) -> Iterator[Problem]:
    yield from block_elements.text(block.get("text"), "/text", maximum=150, kinds=("plain_text",))


def _context(block: Json) -> Iterator[Problem]:
    yield from block_elements.items(block.get("elements"), "/elements", maximum=10, check=_context_element)


def _context_element(element: Any) -> Iterator[Problem]:  # noqa: ANN401
    if not (isinstance(element, dict) and element.get("type") == "image"):
        yield from block_elements.text(element, "", maximum=3_000)


def _actions(block: Json) -> Iterator[Problem]:
    yield from block_elements.items(block.get("elements"), "/elements", maximum=25, check=block_elements.in_actions)
    elements = block["elements"] if isinstance(block.get("elements"), list) else []
    ids = [each["action_id"] for each in elements if isinstance(each, dict) and each.get("action_id")]
    # https://docs.slack.dev/reference/block-kit/block-elements/button-element: unique in the containing block
    if len({str(each) for each in ids}) != len(ids):
        yield "/elements", "action_id must be unique within a block"


def _markdown(block: Json) -> Iterator[Problem]:
    if not isinstance(block.get("text"), str) or not block["text"]:
        yield "/text", "must be more than 0 characters"


def _unlimited(_: Json) -> Iterator[Problem]:
    return iter(())


def _input(block: Json) -> Iterator[Problem]:
    yield from block_elements.text(block.get("label"), "/label", maximum=2_000, kinds=("plain_text",))
    yield from block_elements.below("/element", block_elements.in_input(block.get("element")))


_BLOCKS: dict[str, Callable[[Json], Iterator[Problem]]] = {
    "section": _section,
    "header": _header,
    "context": _context,
    "actions": _actions,
    "markdown": _markdown,
    "divider": _unlimited,
    "image": _unlimited,
    "rich_text": _unlimited,
    "table": _unlimited,
    "video": _unlimited,
    "file": _unlimited,
    "input": _input,
}
