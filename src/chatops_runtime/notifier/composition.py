"""From the notices of one batch to the one message that says them all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_runtime.notifier import digest
from chatops_runtime.slack import text_budget
from chatops_runtime.slack.message import Message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chatops_runtime.notifier.notice import Notice

FEW = 3
"""So many are said in full, one below the other: each has the room that it needs."""

_BETWEEN = "\n\n"


def compose(notices: Sequence[Notice]) -> Message:
    """All of them in full if they are few, in the order in which they were published; else a digest."""
    if len(notices) > FEW:
        return Message(digest.render(notices))
    room = text_budget.MESSAGE // len(notices) - len(_BETWEEN)
    return Message(_BETWEEN.join(notice.full(room) for notice in sorted(notices, key=lambda notice: notice.at)))
