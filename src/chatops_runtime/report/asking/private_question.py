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
    shown = [blocks.section(lead)]
    if asked.kind == contract.CONFIRM:
        shown += what_runs.render(asked.request, asked.line, asked.question["frozen"])
    shown += [blocks.section(ending)] if ending is not None else _controls(asked)
    shown.append(blocks.context(f"Until {moment(asked.until)}. Id {asked.shown_id}"))
    return Message(lead if ending is None else f"{lead} {ending}", shown, visible=VISIBLE_TO_USER)


def _lead(asked: Asked) -> str:
    question = asked.question
    if asked.kind == contract.CONFIRM:
        return f"Do you mean to run {asked.command}?"
    if asked.kind == contract.CHOICE:
        what = mrkdwn.literal(one_line(question["help"], _LONGEST_HELP))
        return f"Which {mrkdwn.code(question['name'])} for {asked.command}?{f' {what}' if what else ''}"
    most = question["most"]
    return (
        f"On which instance is {asked.command} to run?"
        if most == 1
        else (f"On which instances is {asked.command} to run? Choose up to {most}.")
    )


def _controls(asked: Asked) -> list[blocks.Block]:
    if asked.kind == contract.CONFIRM:
        run = blocks.button("Run it", action_id=control.CONFIRM, value=asked.handle, style=blocks.PRIMARY)
        return [blocks.actions([run, blocks.button("Do not run it", action_id=control.DECLINE, value=asked.handle)])]
    submit = blocks.button("Submit", action_id=control.SUBMIT, value=asked.handle, style=blocks.PRIMARY)
    cancel = blocks.button("Cancel", action_id=control.CANCEL, value=asked.cancel_handle)
    return [*_menus(asked), blocks.actions([submit, cancel])]


def _menus(asked: Asked) -> list[blocks.Block]:
    """As many as it takes, a hundred options each."""
    count = len(asked.question["options"])
    if not count:
        raise CannotAskError("There is nothing to choose from")
    if count > contract.MOST_OPTIONS:
        raise CannotAskError(
            f"There are {count:,} to choose from, and a message has room for {contract.MOST_OPTIONS:,}: "
            "narrow the targets down"
        )
    longest = min(blocks.OPTION_TEXT, _ROOM_FOR_LABELS // count)
    options = [(option["value"], one_line(option["label"], longest)) for option in asked.question["options"]]
    most = asked.question.get("most", 1)
    menus = []
    for number, first in enumerate(range(0, len(options), contract.MENU_OPTIONS)):
        some = options[first : first + contract.MENU_OPTIONS]
        placeholder = "Choose one" if most == 1 else f"Choose up to {most}"
        try:
            menu = blocks.menu(some, action_id=control.menu(number), placeholder=placeholder, most=most)
        except ValueError as error:
            raise CannotAskError(f"Slack would not take the menu: {error}") from None
        menus.append(blocks.section(_heading(some, first, count), menu))
    return menus


def _heading(some: list[tuple[str, str]], first: int, total: int) -> str:
    """Which of the options a menu has, if it is not the only one."""
    if len(some) == total:
        return "Choose here:"
    begin, end = (mrkdwn.literal(one_line(label, _LONGEST_LABEL)) for _, label in (some[0], some[-1]))
    return f"{first + 1:,} to {first + len(some):,} of {total:,}: {begin} to {end}"
