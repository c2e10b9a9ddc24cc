"""What a question is about: the command as it was typed, what its arguments mean, and what was frozen for it.

Who decides has to see all of it, or at least how much is not seen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_runtime.report.pages import Passage, fill
from chatops_runtime.slack import blocks, mrkdwn, text_budget
from chatops_runtime.slack.plain_text import spelled_out

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chatops_runtime.contracts.request import CommandRequest

# Together, and with what stands around them, below `text_budget.MESSAGE`.
_SECTIONS = 2
_ROOM = 2_500
_ROOM_FOR_ARGUMENTS = 1_500
_LONGEST_VALUE = 200
_LONGEST_LINE = 500


def render(request: CommandRequest, line: str, frozen: Sequence[str]) -> list[blocks.Block]:
    """Sections.

    Args:
        request: What was typed.
        line: The same as one text.
        frozen: What will run, line by line.
    """
    shown = _sections(Passage.output("", spelled_out(line)))
    arguments = "\n".join(f"• {mrkdwn.code(name)} is {_value(value)}" for name, value in _arguments(request).items())
    if arguments:
        shown.append(blocks.section(text_budget.cut_markup(arguments, _ROOM_FOR_ARGUMENTS)))
    if frozen:
        shown += _sections(Passage.markup("\n".join(f"• {_literal(each, _LONGEST_LINE)}" for each in frozen)))
    return shown


def _arguments(request: CommandRequest) -> dict[str, Any]:
    return {name: value for name, value in request.get("arguments", {}).items() if value is not None}


def _value(value: object) -> str:
    return f"`{_literal(str(value).lower() if isinstance(value, bool) else str(value), _LONGEST_VALUE) or ' '}`"


def _literal(text: str, longest: int) -> str:
    shown = spelled_out(text)
    return mrkdwn.literal(shown if len(shown) <= longest else f"{shown[:longest]}… ({len(shown):,} characters)")


def _sections(passage: Passage) -> list[blocks.Block]:
    pages = fill(
        [passage],
        most=_SECTIONS,
        room=_ROOM,
        ending=lambda missing: f":warning: *{missing:,} more characters are not shown.*",
    )
    return [blocks.section(page) for page in pages]
