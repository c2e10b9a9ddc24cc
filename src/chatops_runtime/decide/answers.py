"""What a click answers: the output with which its turn is redeemed, `chatops_runtime.contracts.decision`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_runtime.contracts import asking, control
from chatops_runtime.contracts.request import script_variables
from chatops_runtime.contracts.script_environment import encode
from chatops_runtime.decide import words
from chatops_runtime.log_line import LoggableError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_runtime.decide.click import Click
    from chatops_runtime.decide.target import Target
    from chatops_runtime.decide.turn import Turn

_DECISIONS = {
    (asking.APPROVAL, control.APPROVE): asking.APPROVED,
    (asking.APPROVAL, control.DENY): asking.DENIED,
    (asking.CONFIRM, control.CONFIRM): asking.CONFIRMED,
    (asking.CONFIRM, control.DECLINE): asking.DECLINED,
    (asking.CHOICE, control.SUBMIT): asking.CHOSEN,
    (asking.INSTANCES, control.SUBMIT): asking.CHOSEN,
}

STOPPED_BY_SWITCH = frozenset({asking.APPROVED, asking.CONFIRMED, asking.CHOSEN})
"""What lets a command go on, which none does while commands are switched off."""


class UnfitError(LoggableError):
    """What is chosen is no answer. Its text is for who clicked."""


def decision_of(click: Click, turn: Turn) -> str | None:
    """What who clicked decides; None if the control is none of this kind of question."""
    decided = _DECISIONS.get((turn.kind, click.action_id))
    is_own = click.user_id == turn.request["user_id"]
    return asking.CANCELLED if decided == asking.DENIED and is_own else decided


def answer(click: Click, target: Target, turn: Turn, decided: str) -> dict[str, Any]:
    """The whole answer.

    Raises:
        UnfitError: What is chosen is no answer.
    """
    said = {"kind": turn.kind, "decision": decided, "by": click.user_id}
    if turn.kind == asking.CHOICE:
        (value,) = _selected(click, turn, most=1)
        return {**said, **_with_argument(target, turn, value)}
    if turn.kind == asking.INSTANCES:
        return {**said, "values": _selected(click, turn, most=turn.question["most"])}
    return said


def labels(said: Mapping[str, Any], turn: Turn) -> list[str]:
    """What an answer has chosen, as the menu showed it."""
    values = said["values"] if turn.kind == asking.INSTANCES else [said["arguments"][turn.question["name"]]]
    return [option["label"] for option in turn.question["options"] if option["value"] in values]


def _selected(click: Click, turn: Turn, *, most: int) -> list[str]:
    selected = list(dict.fromkeys(click.selected))
    if not selected:
        raise UnfitError(words.none_chosen())
    if len(selected) > most:
        raise UnfitError(words.too_many_chosen(len(selected), most))
    if not {option["value"] for option in turn.question["options"]}.issuperset(selected):
        raise UnfitError(words.not_offered())
    return selected


def _with_argument(target: Target, turn: Turn, value: str) -> dict[str, Any]:
    """The request's arguments with the one that was asked for, and the environment of a script that gets them."""
    arguments = {**turn.request["arguments"], turn.question["name"]: value}
    variables = script_variables({**turn.request, "arguments": arguments}, target.execution)
    return {"arguments": arguments, "script_environment": encode(variables)}
