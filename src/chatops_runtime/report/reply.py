"""What is said of a function's answer: `chatops_runtime.contracts.reply`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_runtime.contracts.commands_table import VISIBLE_TO_CHANNEL, VISIBLE_TO_USER
from chatops_runtime.contracts.reply import MAX_BLOCKS
from chatops_runtime.report import following
from chatops_runtime.report.account import Account
from chatops_runtime.report.pages import FOR_A_REMARK, Passage, fill, most_messages
from chatops_runtime.slack import mrkdwn, text_budget
from chatops_runtime.slack.message import Message
from chatops_runtime.slack.plain_text import clean, one_line

if TYPE_CHECKING:
    from chatops_runtime.report.report import Report

_KEYS = frozenset({"text", "mrkdwn", "blocks", "visible"})
_EMPTY = "(an empty answer)"
_LONGEST = text_budget.MESSAGE - FOR_A_REMARK


def render(report: Report, result: dict[str, Any], *, files: bool) -> Account:
    """The function's answer, or what is wrong with it."""
    answer = result["reply"]
    if answer is None and report.has_handler:
        return Account(())
    if answer is None:
        return Account((Message(f":white_check_mark: {report.command} is done {report.origin}"),))
    if isinstance(answer, str):
        answer = {"text": answer}
    wrong = problem(answer)
    if wrong is not None:
        return Account(
            (
                Message(
                    f":x: {report.command} ran, but its function's answer cannot be shown: {wrong}. "
                    "It may answer null, a text, or an object with `text`, `mrkdwn` or `blocks` "
                    f"and perhaps `visible` {report.origin}"
                ),
            )
        )
    return _account(report, answer, files=files)


def _account(report: Report, answer: dict[str, Any], *, files: bool) -> Account:
    visible = answer.get("visible")
    if "blocks" in answer:
        return Account((Message(_fallback(answer.get("text", "")), answer["blocks"], visible),))
    is_plain = "text" in answer
    text = clean(answer["text"]) if is_plain else answer["mrkdwn"]
    whole = Passage.plain(text) if is_plain else Passage.markup(text)
    announcement = following.announcement(report, files=files, visible=visible)
    pages = _pages(whole, announcement, most=most_messages(report.used), files=files)
    messages = tuple(Message(page or _EMPTY, visible=visible, is_plain=is_plain) for page in pages)
    is_in_file = files and len(pages) > 1
    return Account(
        messages, following.file(report, text if is_plain else mrkdwn.unescape(text)) if is_in_file else None
    )


def _pages(whole: Passage, announcement: str, *, most: int, files: bool) -> list[str]:
    """All of it on one page; or on the first its beginning and the announcement, and the rest on others."""
    text = whole.text
    if whole.cut(text, _LONGEST) == text:
        return [whole.show(text)]
    piece = whole.beginning(text_budget.RECOMMENDED if files else _LONGEST)
    rest = fill(
        [whole.after(piece)],
        most=most - 1,
        room=_LONGEST,
        ending=lambda missing: f"(This answer was cut: {missing:,} of {len(text):,} characters are missing.)",
    )
    first, *others = whole.joined([whole.render(piece), *rest])
    return [f"{first}\n(The first {len(piece):,} of {len(text):,} characters. {announcement})", *others]


def _fallback(text: str) -> str:
    """What notifications show of a message with blocks."""
    return mrkdwn.escape(text_budget.cut(clean(text), text_budget.RECOMMENDED))


def problem(answer: object) -> str | None:
    """What is wrong with the answer's shape; of values only the type is told.

    Args:
        answer: What may be an object with `text`, `mrkdwn` or `blocks`.
    """
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
