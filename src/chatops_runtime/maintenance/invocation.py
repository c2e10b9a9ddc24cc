"""What the function was invoked with: `chatops_runtime.contracts.maintenance`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chatops_runtime.command_function.slack_command import SlackCommand
from chatops_runtime.contracts import maintenance as contract
from chatops_runtime.log_line import LoggableError
from chatops_runtime.slack.plain_text import one_line


class UnknownInvocationError(LoggableError):
    """The function was invoked with something that it does not know."""


@dataclass(frozen=True)
class Order:
    """Somebody says something.

    Attributes:
        text: What.
        by: Who.
        id: Of the request.
    """

    text: str
    by: str
    id: str


@dataclass(frozen=True)
class Window:
    """A planned window begins.

    Attributes:
        name: Its name.
        scheduled_at: When it was to begin.
        seconds: How long it is.
    """

    name: str
    scheduled_at: str
    seconds: int


@dataclass(frozen=True)
class Look:
    """Only look whether all is as it should be.

    Attributes:
        why: `timer` or `stack`.
    """

    why: str


def read(event: object, request_id: str) -> Order | Window | Look:
    """What to do.

    Args:
        event: Lambda's.
        request_id: Lambda's, for orders without an id of their own.

    Raises:
        UnknownInvocationError: The event is none of the contract.
    """
    if not isinstance(event, dict) or event.get("version") != contract.VERSION:
        raise UnknownInvocationError(f"the event is no object of version {contract.VERSION} of the contract")
    kind = event.get("kind")
    if kind in (contract.TIMER, contract.STACK):
        return Look(kind)
    if kind == contract.WINDOW:
        return Window(event["window"], event["scheduled_at"], event["seconds"])
    if kind == contract.ORDER:
        return _order(event, request_id)
    if kind is None and "command" in event:
        command = SlackCommand.from_event(event)
        return Order(
            command.text,
            f"{one_line(command.user.name, contract.LONGEST_NAME)} ({command.user.id})",
            command.request_id,
        )
    raise UnknownInvocationError("the event's kind is none of timer, stack, window and order")


def _order(event: dict[str, Any], request_id: str) -> Order:
    text, by, id = event.get("text"), event.get("by"), event.get("id", request_id)
    if not (isinstance(text, str) and isinstance(id, str) and id and isinstance(by, str) and by.strip()):
        raise UnknownInvocationError(
            "an order has a text, says in by who gives it, and may have an id, all of them text"
        )
    return Order(text, one_line(by, contract.LONGEST_NAME), id)
