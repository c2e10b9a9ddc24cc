"""Block Kit's limits (https://docs.slack.dev/reference/block-kit/blocks), with Slack's kind of error texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MAX_BLOCKS = 50
MAX_MESSAGE_TEXT = 13_200
"""All text of a message's blocks together. Undocumented; measured in https://github.com/slackapi/bolt-js/issues/2509."""
MAX_MARKDOWN = 12_000

Json = dict[str, Any]
Problem = tuple[str, str]
"""A JSON pointer and what is wrong there."""


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
        yield from _text(block["text"], "/text", maximum=3_000)
    if "fields" in block:
        yield from _items(block["fields"], "/fields", maximum=10, check=lambda each: _text(each, "", maximum=2_000))
    if "accessory" in block:
        yield from _below("/accessory", _element(block["accessory"]))


def _header(block: Json) -> Iterator[Problem]:
    yield from _text(block.get("text"), "/text", maximum=150, kinds=("plain_text",))


def _context(block: Json) -> Iterator[Problem]:
    yield from _items(block.get("elements"), "/elements", maximum=10, check=_context_element)


def _context_element(element: Any) -> Iterator[Problem]:  # noqa: ANN401
    if not (isinstance(element, dict) and element.get("type") == "image"):
        yield from _text(element, "", maximum=3_000)


def _actions(block: Json) -> Iterator[Problem]:
    yield from _items(block.get("elements"), "/elements", maximum=25, check=_element)


def _markdown(block: Json) -> Iterator[Problem]:
    if not isinstance(block.get("text"), str) or not block["text"]:
        yield "/text", "must be more than 0 characters"


def _unlimited(_: Json) -> Iterator[Problem]:
    return iter(())


def _element(element: Any) -> Iterator[Problem]:  # noqa: ANN401
    if not isinstance(element, dict) or not isinstance(element.get("type"), str):
        yield "", "must be an object with a type"
        return
    if len(str(element.get("action_id") or "")) > 255:
        yield "/action_id", "must be no more than 255 characters"
    if element["type"] == "button":
        yield from _text(element.get("text"), "/text", maximum=75, kinds=("plain_text",))
        if len(str(element.get("value") or "")) > 2_000:
            yield "/value", "must be no more than 2000 characters"
    if element["type"] == "static_select":
        yield from _items(element.get("options"), "/options", maximum=100, check=_option)


def _option(option: Any) -> Iterator[Problem]:  # noqa: ANN401
    if not isinstance(option, dict):
        yield "", "must be an object"
        return
    yield from _text(option.get("text"), "/text", maximum=75, kinds=("plain_text",))
    if not 1 <= len(str(option.get("value") or "")) <= 150:
        yield "/value", "must be 1 to 150 characters"


def _text(
    value: Any,  # noqa: ANN401
    pointer: str,
    *,
    maximum: int,
    kinds: tuple[str, ...] = ("mrkdwn", "plain_text"),
) -> Iterator[Problem]:
    if not isinstance(value, dict) or value.get("type") not in kinds or not isinstance(value.get("text"), str):
        yield pointer, f"must be a text object of type {' or '.join(kinds)}"
    elif not value["text"]:
        yield f"{pointer}/text", "must be more than 0 characters"
    elif len(value["text"]) > maximum:
        yield f"{pointer}/text", f"must be less than {maximum + 1} characters, got {len(value['text'])}"


def _items(value: Any, pointer: str, *, maximum: int, check: Callable[[Any], Iterator[Problem]]) -> Iterator[Problem]:  # noqa: ANN401
    if not isinstance(value, list) or not value:
        yield pointer, "must have at least one item"
        return
    if len(value) > maximum:
        yield pointer, f"no more than {maximum} items allowed, got {len(value)}"
    for index, each in enumerate(value):
        yield from _below(f"{pointer}/{index}", check(each))


def _below(pointer: str, problems: Iterator[Problem]) -> Iterator[Problem]:
    return ((pointer + rest, text) for rest, text in problems)


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
    "input": _unlimited,
}
