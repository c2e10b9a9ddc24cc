"""Posting a question."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_runtime.contracts import asking as contract
from chatops_runtime.report.asking import card, error, private_question
from chatops_runtime.report.asking.asked import Asked
from chatops_runtime.report.asking.error import CannotAskError
from chatops_runtime.slack import refusals
from chatops_runtime.slack.token_way import WayClosedError
from chatops_runtime.slack.web_client import SlackRefusedError

if TYPE_CHECKING:
    from chatops_runtime.report.delivery import Delivery
    from chatops_runtime.slack.message import Message


def ask(event: dict[str, Any], delivery: Delivery) -> dict[str, Any]:
    """Post the question in `event`; where it is, if it can be changed later.

    Raises:
        CannotAskError: It can never be asked.
        SlackRetryable: Slack cannot take it now.
    """
    asked = Asked.from_event(event)
    if asked.kind == contract.APPROVAL:
        channel = asked.question["channel_id"]
        return _with_token(asked, delivery, channel, card.render(asked), f"The approval's card in {channel}")
    message = private_question.render(asked)
    if _is_said_privately(asked, delivery, message, event.get("used", 0)):
        return {}
    return _with_token(asked, delivery, asked.request["user_id"], message, "The question")


def _is_said_privately(asked: Asked, delivery: Delivery, message: Message, used: int) -> bool:
    """Whether the response_url took it; a part of its uses is kept for the result."""
    if used >= contract.MOST_WITHOUT_TOKEN:
        return False
    try:
        delivery.respond(asked, message, used)
    except WayClosedError:
        return False
    except SlackRefusedError as refused:
        if refusals.is_of_content(refused.code):
            raise CannotAskError(f"Slack did not take the question: {refused.code}") from None
        return False
    return True


def _with_token(asked: Asked, delivery: Delivery, conversation: str, message: Message, what: str) -> dict[str, Any]:
    try:
        answer = delivery.with_token(asked).post(conversation, message)
    except WayClosedError as closed:
        raise CannotAskError(f"{what} could not be posted: {closed}") from None
    except SlackRefusedError as refused:
        advice = error.advice(refused.code)
        raise CannotAskError(f"{what} could not be posted: {refused.code}. {advice}") from None
    channel_id, message_ts = answer.get("channel"), answer.get("ts")
    if isinstance(channel_id, str) and isinstance(message_ts, str):
        return {"channel_id": channel_id, "message_ts": message_ts}
    return {}
