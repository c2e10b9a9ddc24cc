"""Asking Slack about people, and what it means when it does not answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from chatops_runtime.authorization.unknown import UnavailableError, UnknownError
from chatops_runtime.slack.token_way import WayClosedError
from chatops_runtime.slack.web_client import SlackRefusedError, SlackRetryable

if TYPE_CHECKING:
    from collections.abc import Container


class WebApi(Protocol):
    """Slack's Web API with the app's bot token: `TokenWay`."""

    def call(self, method: str, **arguments: str) -> dict[str, Any]:
        """What a method answers."""


def answer(slack: WebApi, method: str, *, nobody: Container[str] = (), **arguments: str) -> dict[str, Any] | None:
    """What Slack answers; None if it is one of the refusals in `nobody`, which say that there is no such person.

    Raises:
        UnavailableError: Slack, or AWS on the way to the bot token, was busy or away.
        UnknownError: Slack does not tell this app.
    """
    try:
        return slack.call(method, **arguments)
    except SlackRetryable as busy:
        raise UnavailableError(f"{method}: {busy}") from None
    except SlackRefusedError as refused:
        if refused.code in nobody:
            return None
        raise UnknownError(f"{method}: {refused}") from None
    except WayClosedError as closed:
        raise UnknownError(f"{method}: {closed}") from None
