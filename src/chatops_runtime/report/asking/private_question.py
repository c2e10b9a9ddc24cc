"""What only the requester is asked: whether it is meant, and what to choose from menus."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_runtime.contracts import asking as contract
from chatops_runtime.contracts import control
from chatops_runtime.contracts.commands_table import VISIBLE_TO_USER
from chatops_runtime.report.asking import what_runs
from chatops_runtime.report.asking.error import CannotAskError
from chatops_runtime.slack import blocks, mrkdwn
from chatops_runtime.slack.message import Message
from chatops_runtime.slack.moment import moment
from chatops_runtime.slack.plain_text import one_line

if TYPE_CHECKING:
    from chatops_runtime.report.asking.asked import Asked

_LONGEST_HELP = 500
_LONGEST_LABEL = 30
_ROOM_FOR_LABELS = 10_000
"""Together, whatever else there is, below `text_budget.MESSAGE`."""


def render(asked: Asked, ending: str | None = None) -> Message:
    """The question with its controls, or without them as soon as there is an `ending`, in Slack's markup.

    Raises:
        CannotAskError: There is nothing to choose from, or more than a message takes.
    """
    lead = f":grey_question: {_lead(asked)}"
    if ending is not None:
        shown = [blocks.section(lead), *_what_runs(asked), blocks.section(ending)]
    elif asked.kind == contract.CONFIRM:
        shown = [blocks.section(lead), *_what_runs(asked), blocks.actions(_yes_or_no(asked))]
    else:
        shown = [*_menus(asked, lead), blocks.actions(_submit_or_cancel(asked))]
    shown.append(blocks.context(f"Until {moment(asked.until)}. Id {asked.shown_id}"))
    return Message(lead if ending is None else f"{lead} {ending}", shown, visible=VISIBLE_TO_USER)


def _lead(asked: Asked) -> str:
    question = asked.question
    if asked.kind == contract.CONFIRM:
        return f"Do you mean to run {asked.command}?"
    if asked.kind == contract.CHOICE:
        what = mrkdwn.literal(one_line(question["help"], _LONGEST_HELP))
        return f"Which {mrkdwn.code(question['name'])} for {asked.command}?{f' ({what})' if what else ''}"
    if question["most"] == 1:
        return f"On which instance is {asked.command} to run?"
    return f"On which instances is {asked.command} to run? Choose up to {question['most']}."


def _what_runs(asked: Asked) -> list[blocks.Block]:
    if asked.kind != contract.CONFIRM:
        return []
    return what_runs.render(asked.request, asked.line, asked.question["frozen"])


def _yes_or_no(asked: Asked) -> list[blocks.Element]:
    return [
        blocks.button("Run it", action_id=control.CONFIRM, value=asked.handle, style=blocks.PRIMARY),
        blocks.button("Do not run it", action_id=control.DECLINE, value=asked.handle),
    ]


def _submit_or_cancel(asked: Asked) -> list[blocks.Element]:
    return [
        blocks.button("Submit", action_id=control.SUBMIT, value=asked.handle, style=blocks.PRIMARY),
        blocks.button("Cancel", action_id=control.CANCEL, value=asked.cancel_handle),
    ]


def _menus(asked: Asked, lead: str) -> list[blocks.Block]:
    """The question, and as many menus as it takes: beside it if one does."""
    options, most = _options(asked), asked.question.get("most", 1)
    placeholder = "Choose one" if most == 1 else f"Choose up to {most}"
    parts = [options[first : first + contract.MENU_OPTIONS] for first in range(0, len(options), contract.MENU_OPTIONS)]
    try:
        menus = [
            blocks.menu(part, action_id=control.menu(number), placeholder=placeholder, most=most)
            for number, part in enumerate(parts)
        ]
    except ValueError as error:
        raise CannotAskError(f"Slack would not take the menu: {error}") from None
    if len(menus) == 1:
        return [blocks.section(lead, menus[0])]
    headings = [_heading(part, number, len(options)) for number, part in enumerate(parts)]
    return [blocks.section(lead), *map(blocks.section, headings, menus)]


def _options(asked: Asked) -> list[tuple[str, str]]:
    """Value and label of each."""
    options = asked.question["options"]
    if not options:
        raise CannotAskError("There is nothing to choose from")
    if len(options) > contract.MOST_OPTIONS:
        raise CannotAskError(
            f"There are {len(options):,} to choose from, and a message has room for {contract.MOST_OPTIONS:,}: "
            "narrow the targets down"
        )
    longest = min(blocks.OPTION_TEXT, _ROOM_FOR_LABELS // len(options))
    return [(option["value"], one_line(option["label"], longest)) for option in options]


def _heading(part: list[tuple[str, str]], number: int, total: int) -> str:
    """Which of the options a menu has."""
    begin, end = (mrkdwn.literal(one_line(label, _LONGEST_LABEL)) for _, label in (part[0], part[-1]))
    first = number * contract.MENU_OPTIONS
    return f"{first + 1:,} to {first + len(part):,} of {total:,}: {begin} to {end}"
