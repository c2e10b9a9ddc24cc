"""From the messages of one batch to the one message to Slack that says them all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_runtime.notifier import digest, sections
from chatops_runtime.notifier.envelope import Envelope
from chatops_runtime.notifier.notice import LEAST_ROOM
from chatops_runtime.notifier.reading import read
from chatops_runtime.slack import text_budget
from chatops_runtime.slack.message import Message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chatops_runtime.notifier.command_button import CommandButton
    from chatops_runtime.slack.blocks import Element

FEW = 3
"""So many are said in full, one below the other: each has the room that it needs."""

_BETWEEN = "\n\n"

_MOST_WITH_BUTTONS = 13_000
"""Of what Slack refuses beyond about 13,200 characters (see `text_budget`), notices without buttons leave more."""


def compose(records: Sequence[dict[str, Any]], buttons: Sequence[CommandButton] = ()) -> Message:
    """All notices in full if they are few, in the order in which they were published; else a digest.

    Args:
        records: What was published.
        buttons: Below each notice that has what they need. A digest has none.
    """
    in_full = len(records) <= FEW
    notices = [read(record, in_full=in_full) for record in records]
    if not in_full:
        return Message(digest.render(notices))
    rows = [_row(record, buttons) for record in records]
    # Buttons that would cost a notice its room are left out.
    while (room := _room(rows)) < LEAST_ROOM:
        rows[rows.index(max(rows, key=_width))] = []
    said = sorted(zip(notices, rows, strict=True), key=lambda pair: pair[0].at)
    texts = [(notice.full(room), row) for notice, row in said]
    blocks = sections.with_buttons(texts) if any(rows) else None
    return Message(_BETWEEN.join(text for text, _ in texts), blocks)


def _row(record: dict[str, Any], buttons: Sequence[CommandButton]) -> list[Element]:
    envelope = Envelope.of(record)
    elements = [button.element(envelope, number) for number, button in enumerate(buttons)]
    return [element for element in elements if element is not None]


def _room(rows: list[list[Element]]) -> int:
    """For each notice."""
    return min(text_budget.MESSAGE, _MOST_WITH_BUTTONS - sum(map(_width, rows))) // len(rows) - len(_BETWEEN)


def _width(row: list[Element]) -> int:
    """How many characters of a message the buttons take, with their dialogs."""
    texts = [text for element in row for text in (element["text"], *element.get("confirm", {}).values())]
    return sum(text_budget.units(text["text"]) for text in texts)
