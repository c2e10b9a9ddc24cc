"""What the functions were invoked with: `chatops_runtime.contracts.allowlist`."""

from __future__ import annotations

from dataclasses import dataclass

from chatops_runtime import order
from chatops_runtime.allowlist.entry import SLACK, Owner
from chatops_runtime.command_function.slack_command import SlackCommand
from chatops_runtime.contracts import allowlist as contract
from chatops_runtime.order import Order, UnknownInvocationError
from chatops_runtime.slack.plain_text import one_line

STREAM = "stream"
"""Why the projection looks: entries of the table have changed."""


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


def is_http(event: object) -> bool:
    """Whether the event is an HTTP API's. Whoever sends the request has no say in that."""
    context = event.get("requestContext") if isinstance(event, dict) else None
    return isinstance(context, dict) and isinstance(context.get("http"), dict)


def read_order(event: object, request_id: str) -> Own | Order:
    """What was said to the registrar: by somebody about their own entries, or by an administrator.

    Args:
        event: Lambda's.
        request_id: Lambda's, for orders without an id of their own.

    Raises:
        UnknownInvocationError: The event is none of the contract.
    """
    checked = order.checked(event, version=contract.VERSION)
    if checked.get("kind") == contract.ORDER:
        return order.of_event(checked, request_id, longest_name=contract.LONGEST_NAME)
    if checked.get("kind") is not None or "command" not in checked:
        raise UnknownInvocationError("the event is neither a command nor an order")
    command = SlackCommand.from_event(checked)
    # Nothing but true: whoever may do everything is not to be guessed.
    if checked.get(contract.ADMINISTRATION) is True:
        return order.of_command(command, longest_name=contract.LONGEST_NAME)
    name = one_line(command.user.name, contract.LONGEST_NAME)
    return Own(command.text, Owner.of(SLACK, command.user.id, name), command.request_id)


def read_look(event: object) -> str:
    """Why the projection is to look: `timer`, `stack` or `stream`.

    Raises:
        UnknownInvocationError: The event is none of the contract.
    """
    if isinstance(event, dict) and isinstance(event.get("Records"), list):
        return STREAM
    kind = order.checked(event, version=contract.VERSION).get("kind")
    if kind not in (contract.TIMER, contract.STACK):
        raise UnknownInvocationError("the event is none of timer, stack and records of a stream")
    return str(kind)
