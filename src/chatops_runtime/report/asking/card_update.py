"""Bringing a question's message up to date: the count of its approvals, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_runtime.contracts import asking as contract
from chatops_runtime.log_line import LoggableError
from chatops_runtime.report.asking import card, endings, private_question
from chatops_runtime.report.asking.asked import Asked
from chatops_runtime.slack.token_way import WayClosedError
from chatops_runtime.slack.web_client import SlackRefusedError

if TYPE_CHECKING:
    from chatops_runtime.report.delivery import Delivery


class CardLeftError(LoggableError):
    """A message stays as it is, for good."""


def wait(event: dict[str, Any], delivery: Delivery) -> None:
    """Show how many have approved, if somebody has.

    Raises:
        CardLeftError: The card cannot be changed.
        SlackRetryable: Slack cannot take it now.
    """
    asked = Asked.from_event(event)
    if asked.kind == contract.APPROVAL and asked.approved_by:
        _update(asked, delivery, None)


def close(event: dict[str, Any], delivery: Delivery) -> None:
    """Take the controls away and say what came of the question; raises what `wait` raises."""
    ending = event["ending"]
    _update(Asked.from_event(event), delivery, endings.words(ending["state"], ending.get("by", ())))


def _update(asked: Asked, delivery: Delivery, ending: str | None) -> None:
    if asked.card is None:
        return
    render = card.render if asked.kind == contract.APPROVAL else private_question.render
    try:
        delivery.with_token(asked).update(*asked.card, render(asked, ending))
    except (WayClosedError, SlackRefusedError) as error:
        raise CardLeftError(str(error)) from None
