"""From the messages of one batch to the one message to Slack that says them all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_runtime.notifier import digest
from chatops_runtime.notifier.reading import read
from chatops_runtime.slack import text_budget
from chatops_runtime.slack.message import Message

if TYPE_CHECKING:
    from collections.abc import Sequence

FEW = 3
"""So many are said in full, one below the other: each has the room that it needs."""

_BETWEEN = "\n\n"


def compose(records: Sequence[dict[str, Any]]) -> Message:
    """All notices in full if they are few, in the order in which they were published; else a digest."""
    in_full = len(records) <= FEW
    notices = [read(record, in_full=in_full) for record in records]
    if not in_full:
        return Message(digest.render(notices))
    room = text_budget.MESSAGE // len(notices) - len(_BETWEEN)
    return Message(_BETWEEN.join(notice.full(room) for notice in sorted(notices, key=lambda notice: notice.at)))
