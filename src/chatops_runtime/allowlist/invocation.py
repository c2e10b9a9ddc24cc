"""What the functions were invoked with: `chatops_runtime.contracts.allowlist`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chatops_runtime.allowlist.entry import SLACK, Owner
from chatops_runtime.command_function.slack_command import SlackCommand
from chatops_runtime.contracts import allowlist as contract
from chatops_runtime.log_line import LoggableError
from chatops_runtime.slack.plain_text import one_line


class UnknownInvocationError(LoggableError):
    """The function was invoked with something that it does not know."""


@dataclass(frozen=True)
class Own:
    """Somebody says something about their own entries.

    Attributes:
        text: What.
        who: Who.
        id: Of the request.
    """

    text: str
    who: Owner
    id: str


@dataclass(frozen=True)
class Administration:
    """Somebody who looks after all entries says something.

    Attributes:
        text: What.
        by: Who.
        id: Of the request.
    """

    text: str
    by: str
    id: str


def is_http(event: object) -> bool:
    """Whether the event is an HTTP API's. Whoever sends the request has no say in that."""
    context = event.get("requestContext") if isinstance(event, dict) else None
    return isinstance(context, dict) and isinstance(context.get("http"), dict)


def read_order(event: object, request_id: str) -> Own | Administration:
    """What was said to the registrar.

    Args:
        event: Lambda's.
        request_id: Lambda's, for orders without an id of their own.

    Raises:
        UnknownInvocationError: The event is none of the contract.
    """
    checked = _checked(event)
    if checked.get("kind") == contract.ORDER:
        return _order(checked, request_id)
    if checked.get("kind") is not None or "command" not in checked:
        raise UnknownInvocationError("the event is neither a command nor an order")
    command = SlackCommand.from_event(checked)
    name = one_line(command.user.name, contract.LONGEST_NAME)
    # Nothing but true: whoever may do everything is not to be guessed.
    if checked.get(contract.ADMINISTRATION) is True:
        return Administration(command.text, f"{name} ({command.user.id})", command.request_id)
    return Own(command.text, Owner.of(SLACK, command.user.id, name), command.request_id)


def read_look(event: object) -> str:
    """Why the projection is to look: `timer`, `stack` or `stream`.

    Raises:
        UnknownInvocationError: The event is none of the contract.
    """
    if isinstance(event, dict) and isinstance(event.get("Records"), list):
        return STREAM
    kind = _checked(event).get("kind")
    if kind not in (contract.TIMER, contract.STACK):
        raise UnknownInvocationError("the event is none of timer, stack and records of a stream")
    return str(kind)


STREAM = "stream"


def _checked(event: object) -> dict[str, Any]:
    if not isinstance(event, dict) or event.get("version") != contract.VERSION:
        raise UnknownInvocationError(f"the event is no object of version {contract.VERSION} of the contract")
    return event


def _order(event: dict[str, Any], request_id: str) -> Administration:
    text, by, id = event.get("text"), event.get("by"), event.get("id", request_id)
    if not (isinstance(text, str) and isinstance(id, str) and id and isinstance(by, str) and by.strip()):
        raise UnknownInvocationError(
            "an order has a text, says in by who gives it, and may have an id, all of them text"
        )
    return Administration(text, one_line(by, contract.LONGEST_NAME), id)
