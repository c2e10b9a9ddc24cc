"""The card of an approval: who asks for what, who may approve it and until when, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_runtime.authorization import rule
from chatops_runtime.contracts import control
from chatops_runtime.report.asking import what_runs
from chatops_runtime.slack import blocks, mrkdwn, text_budget
from chatops_runtime.slack.message import Message
from chatops_runtime.slack.moment import moment
from chatops_runtime.slack.plain_text import spelled_out

if TYPE_CHECKING:
    from chatops_runtime.report.asking.asked import Asked

_ROOM_FOR_WHO_MAY = 1_000


def render(asked: Asked, ending: str | None = None) -> Message:
    """The card with its buttons, or without them as soon as there is an `ending`, in Slack's markup.

    Who may approve is mentioned, and so notified when the card is posted: it is they who are asked.
    """
    request = asked.request
    asker, place = mrkdwn.user(request["user_id"]), _place(asked)
    status = _count(asked) if ending is None else ending
    shown = [
        blocks.section(f":raised_hand: {asker} needs approval for this{place}:"),
        *what_runs.render(request, asked.line, asked.question["frozen"]),
        *([blocks.section(status)] if status else []),
        *([blocks.actions(_buttons(asked))] if ending is None else []),
        blocks.context(_terms(asked)),
    ]
    return Message(f"{asker} needs approval for {asked.command}{place}{f'. {status}' if status else ''}", shown)


def _place(asked: Asked) -> str:
    """Where it was typed, if that is a channel and not the card's own."""
    channel = asked.request["channel_id"]
    is_elsewhere = channel != asked.question["channel_id"]
    return f", typed in {mrkdwn.channel(channel)}" if is_elsewhere and channel.startswith(("C", "G")) else ""


def _count(asked: Asked) -> str:
    if not asked.approved_by:
        return ""
    approved = ", ".join(map(mrkdwn.user, asked.approved_by))
    return f"*{len(asked.approved_by)} of {asked.question['quorum']} approved*: {approved}"


def _terms(asked: Asked) -> str:
    quorum = asked.question["quorum"]
    who = text_budget.cut_markup(rule.who_may(asked.question["by"], mentions=True), _ROOM_FOR_WHO_MAY)
    several = f"{quorum} of them have to. " if quorum > 1 else ""
    return (
        f"May approve: {who}. {several}{mrkdwn.user(asked.request['user_id'])} may not, but can withdraw it with Deny. "
        f"Until {moment(asked.until)}. Id {asked.shown_id}"
    )


def _buttons(asked: Asked) -> list[blocks.Element]:
    dialog = blocks.dialog("Approve this?", spelled_out(asked.line), confirm="Approve", deny="Back")
    return [
        blocks.button("Approve", action_id=control.APPROVE, value=asked.handle, style=blocks.PRIMARY, dialog=dialog),
        blocks.button("Deny", action_id=control.DENY, value=asked.handle, style=blocks.DANGER),
    ]
