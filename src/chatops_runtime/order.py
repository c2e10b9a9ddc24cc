"""What somebody says to a function: by a command of Slack, or by invoking it with an order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chatops_runtime.log_line import LoggableError
from chatops_runtime.slack.plain_text import one_line

if TYPE_CHECKING:
    from chatops_runtime.command_function.slack_command import SlackCommand


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


def checked(event: object, *, version: int) -> dict[str, Any]:
    """The event, if it is an object of the version.

    Raises:
        UnknownInvocationError: It is not.
    """
    if not isinstance(event, dict) or event.get("version") != version:
        raise UnknownInvocationError(f"the event is no object of version {version} of the contract")
    return event


def of_command(command: SlackCommand, *, longest_name: int) -> Order:
    """What a user of Slack has typed."""
    return Order(command.text, f"{one_line(command.user.name, longest_name)} ({command.user.id})", command.request_id)


def of_event(event: dict[str, Any], request_id: str, *, longest_name: int) -> Order:
    """What whoever invoked the function says: `{"text": "…", "by": "…", "id": "…"}`.

    Args:
        event: Lambda's.
        request_id: Lambda's, for orders without an id of their own.
        longest_name: Characters that are kept of who says it.

    Raises:
        UnknownInvocationError: It is no order.
    """
    text, by, id = event.get("text"), event.get("by"), event.get("id", request_id)
    if not (isinstance(text, str) and isinstance(id, str) and id and isinstance(by, str) and by.strip()):
        raise UnknownInvocationError(
            "an order has a text, says in by who gives it, and may have an id, all of them text"
        )
    return Order(text, one_line(by, longest_name), id)
