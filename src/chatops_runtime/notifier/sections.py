"""Notices with buttons below them: their texts as sections, which are shorter than a message's text may be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_runtime.slack import blocks, mrkdwn, text_budget

if TYPE_CHECKING:
    from collections.abc import Sequence

# For the fences that a section closes and opens again.
_ROOM = blocks.SECTION - 10


def with_buttons(notices: Sequence[tuple[str, Sequence[blocks.Element]]]) -> list[blocks.Block]:
    """Each notice's markup in as many sections as it takes, and its row of buttons if it has one."""
    shown: list[blocks.Block] = []
    for text, row in notices:
        shown += map(blocks.section, mrkdwn.fences_closed(_pieces(text)))
        if row:
            shown.append(blocks.actions(row))
    return shown


def _pieces(text: str) -> list[str]:
    """At the ends of lines if possible."""
    pieces = []
    while text:
        piece = text_budget.cut_markup(text, _ROOM)
        if piece != text:
            piece = text_budget.at_line_end(piece)
        pieces.append(piece.rstrip("\n"))
        text = text[len(piece) :]
    return pieces
