"""Long texts over several messages, as far as there are messages."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from chatops_runtime.slack import mrkdwn, text_budget

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

MOST_MESSAGES = 4
"""For one report. A response_url takes five (https://docs.slack.dev/interactivity/handling-user-interaction); the last
one is kept for what has to be said if Slack refuses another."""

LEAST_MESSAGES = 2
"""So many even if questions took some of the five: they leave two (`chatops_runtime.contracts.asking`)."""

FOR_A_REMARK = 200
"""Characters of a page that are left for what is said in front of it when it is delivered."""

_LEAST_PIECE = 200


@dataclass(frozen=True)
class Passage:
    """A text that may be shown in several pieces.

    Attributes:
        heading: In Slack's markup, above each piece; empty for none.
        text: As it is, neither escaped nor fenced.
        cut: Gives the beginning of a text that takes at most so many characters once it is shown.
        show: Makes markup of a piece.
        joined: Makes pages of shown pieces: what one leaves open, the next one goes on with.
    """

    heading: str
    text: str
    cut: Callable[[str, int], str]
    show: Callable[[str], str]
    joined: Callable[[list[str]], list[str]] = list

    @classmethod
    def output(cls, heading: str, text: str) -> Passage:
        """What a program printed, in a fence."""
        return cls(heading, text, text_budget.cut, mrkdwn.preformatted)

    @classmethod
    def plain(cls, text: str) -> Passage:
        """A text without markup."""
        return cls("", text, text_budget.cut, mrkdwn.escape)

    @classmethod
    def markup(cls, text: str) -> Passage:
        """A text that is Slack's markup already."""
        return cls("", text, text_budget.cut_markup, str, mrkdwn.fences_closed)

    def beginning(self, room: int) -> str:
        """The piece that fits into `room`, heading included; empty if only a scrap would."""
        room -= text_budget.units(f"{self.heading}\n{self.show('')}")
        piece = self.cut(self.text, room)
        if piece == self.text:
            return piece
        return text_budget.at_line_end(piece) if room >= _LEAST_PIECE else ""

    def after(self, piece: str) -> Passage:
        """What comes after `piece`."""
        return replace(self, text=self.text[len(piece) :])

    def render(self, piece: str) -> str:
        """`piece` under the heading."""
        shown = self.show(piece.removesuffix("\n"))
        return f"{self.heading}\n{shown}" if self.heading else shown


def most_messages(used: int) -> int:
    """How many messages a report may have if the command used the response_url before."""
    return max(MOST_MESSAGES - used, LEAST_MESSAGES)


def fill(passages: Iterable[Passage], *, most: int, room: int, ending: Callable[[int], str]) -> list[str]:
    """Pages of the `passages`, one after the other.

    Args:
        passages: What is to be shown; none of them empty.
        most: How many pages there may be at most.
        room: How many characters a page takes.
        ending: What the last page says at its end when so many characters had no room.
    """
    pages: list[list[str]] = [[]]
    pending = deque(passages)
    for_ending = text_budget.units(f"\n{ending(sum(len(each.text) for each in pending))}")
    while pending:
        taken = text_budget.units("\n".join([*pages[-1], ""]))
        piece = pending[0].beginning(room - taken - (for_ending if len(pages) == most else 0))
        if piece:
            passage = pending.popleft()
            pages[-1].append(passage.render(piece))
            if piece != passage.text:
                pending.appendleft(passage.after(piece))
        elif len(pages) < most and pages[-1]:
            pages.append([])
        else:
            pages[-1].append(ending(sum(len(each.text) for each in pending)))
            break
    return ["\n".join(page) for page in pages]
