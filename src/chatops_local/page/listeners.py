"""Apps that are told of messages which people write without mentioning them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatops_local.cloud.endpoints import endpoints_of
from chatops_local.page.commands import app_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chatops_local.server import DeployedStack

_SUBSCRIPTIONS = {"C": "message.channels", "G": "message.groups", "D": "message.im"}
"""By the first letter of a conversation's id: https://docs.slack.dev/reference/events/message#types."""


@dataclass(frozen=True)
class Listener:
    """An app that has subscribed to messages.

    Args:
        app: the app.
        endpoint: the endpoint that is told.
        subscriptions: what it has subscribed to.
    """

    app: str
    endpoint: str
    subscriptions: frozenset[str]

    def hears(self, channel: str) -> bool:
        """Whether it is told of messages in a conversation."""
        return _SUBSCRIPTIONS.get(channel[0]) in self.subscriptions


def listeners_in(stacks: Iterable[DeployedStack]) -> list[Listener]:
    """The apps that have subscribed to messages of some kind."""
    endpoints = [endpoint for stack in stacks for endpoint in endpoints_of(stack.template)]
    return [
        Listener(app_name(endpoint.name), endpoint.name, endpoint.subscriptions)
        for endpoint in endpoints
        if endpoint.subscriptions.intersection(_SUBSCRIPTIONS.values())
    ]
