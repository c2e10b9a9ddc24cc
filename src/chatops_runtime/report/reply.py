"""The message for what a function answered: `chatops_runtime.contracts.reply`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_runtime.contracts.commands_table import VISIBLE_TO_CHANNEL, VISIBLE_TO_USER
from chatops_runtime.contracts.reply import MAX_BLOCKS
from chatops_runtime.slack import mrkdwn, text_budget
from chatops_runtime.slack.message import Message
from chatops_runtime.slack.plain_text import clean, one_line

if TYPE_CHECKING:
    from chatops_runtime.report.report import Report

_KEYS = frozenset({"text", "mrkdwn", "blocks", "visible"})
_EMPTY = "(an empty answer)"
_LONGEST = text_budget.MESSAGE - 100  # the rest is for the note that it was cut


def render(report: Report, result: dict[str, Any]) -> list[Message]:
    """The function's answer, or what is wrong with it."""
    answer = result["reply"]
    if answer is None:
        return [Message(f":white_check_mark: {report.command} is done {report.origin}")]
    if isinstance(answer, str):
        answer = {"text": answer}
    problem = _problem(answer)
    if problem is not None:
        return [
            Message(
                f":x: {report.command} ran, but its function's answer cannot be shown: {problem}. "
                "It may answer null, a text, or an object with `text`, `mrkdwn` or `blocks` "
                f"and perhaps `visible` {report.origin}"
            )
        ]
    return [_message(answer)]


def _message(answer: dict[str, Any]) -> Message:
    visible = answer.get("visible")
    if "blocks" in answer:
        return Message(_plain(answer.get("text", "")), answer["blocks"], visible)
    if "mrkdwn" in answer:
        return Message(_markup(answer["mrkdwn"]) or _EMPTY, visible=visible)
    return Message(_plain(answer["text"]) or _EMPTY, visible=visible, is_plain=True)


def _plain(text: str) -> str:
    text = clean(text)
    part = text_budget.cut(text, _LONGEST)
    return mrkdwn.escape(part) + _cut_note(part, text)


def _markup(text: str) -> str:
    part = text_budget.cut_markup(text, _LONGEST)
    return part + _cut_note(part, text)


def _cut_note(part: str, text: str) -> str:
    return "" if part == text else f"\n(This answer was cut: the first {len(part):,} of {len(text):,} characters.)"


def _problem(answer: object) -> str | None:
    """What is wrong with the answer's shape; of values only the type is told."""
    if not isinstance(answer, dict):
        return f"it is {_type(answer)}"
    unknown = sorted(set(answer) - _KEYS)
    if unknown:
        return f"it has the unknown key {mrkdwn.code(one_line(unknown[0], 60))}"
    contents = [key for key in ("text", "mrkdwn", "blocks") if key in answer]
    if contents not in (["text"], ["mrkdwn"], ["blocks"], ["text", "blocks"]):
        return f"it has {' and '.join(f'`{key}`' for key in contents) or 'no content'}"
    for key in ("text", "mrkdwn"):
        if not isinstance(answer.get(key, ""), str):
            return f"its `{key}` is {_type(answer[key])}, not a text"
    if answer.get("visible") not in (None, VISIBLE_TO_CHANNEL, VISIBLE_TO_USER):
        return "its `visible` is neither `channel` nor `user`"
    return _problem_of_blocks(answer["blocks"]) if "blocks" in answer else None


def _problem_of_blocks(blocks: object) -> str | None:
    if not isinstance(blocks, list):
        return f"its `blocks` is {_type(blocks)}, not a list"
    if not 0 < len(blocks) <= MAX_BLOCKS:
        return f"it has {len(blocks)} blocks; Slack takes 1 to {MAX_BLOCKS}"
    odd = next((block for block in blocks if not isinstance(block, dict)), None)
    return None if odd is None else f"one of its `blocks` is {_type(odd)}, not an object"


def _type(value: object) -> str:
    """JSON's name for a value's type."""
    names = {type(None): "null", bool: "a boolean", int: "a number", float: "a number", str: "a text", list: "a list"}
    return names.get(type(value), "an object")
