"""What the function was invoked with: `chatops_runtime.contracts.maintenance`."""

from __future__ import annotations

from dataclasses import dataclass

from chatops_runtime import order
from chatops_runtime.command_function.slack_command import SlackCommand
from chatops_runtime.contracts import maintenance as contract
from chatops_runtime.order import Order, UnknownInvocationError


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
    checked = order.checked(event, version=contract.VERSION)
    kind = checked.get("kind")
    if kind in (contract.TIMER, contract.STACK):
        return Look(kind)
    if kind == contract.WINDOW:
        return Window(checked["window"], checked["scheduled_at"], checked["seconds"])
    if kind == contract.ORDER:
        return order.of_event(checked, request_id, longest_name=contract.LONGEST_NAME)
    if kind is None and "command" in checked:
        return order.of_command(SlackCommand.from_event(checked), longest_name=contract.LONGEST_NAME)
    raise UnknownInvocationError("the event's kind is none of timer, stack, window and order")
