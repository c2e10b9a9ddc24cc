"""Mentions of apps, as they are typed on the page: `@bot hello`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chatops_local.cloud.endpoints import endpoints_of
from chatops_local.page.commands import app_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from chatops_local.server import DeployedStack

ONLY_ONE = "@bot"
"""What the app is called if no other one takes mentions."""


@dataclass(frozen=True)
class Mentionable:
    """An app that does something when it is mentioned.

    Args:
        name: what is typed, such as `@bot`.
        description: what it does.
        app: the app.
        endpoint: the endpoint that is told.
    """

    name: str
    description: str
    app: str
    endpoint: str

    @property
    def usage(self) -> str:
        """How it is typed."""
        return f"{self.name} [text]"

    def as_json(self) -> dict[str, Any]:
        """For the browser, as commands are."""
        return {
            "name": self.name,
            "description": self.description,
            "usage": self.usage,
            "app": self.app,
            "arguments": [],
        }


def mentionable_in(stacks: Iterable[DeployedStack]) -> list[Mentionable]:
    """The apps that take mentions, each under a name of its own."""
    found = [
        (endpoint, endpoint.mention)
        for stack in stacks
        for endpoint in endpoints_of(stack.template)
        if endpoint.mention is not None
    ]
    return [
        Mentionable(
            ONLY_ONE if len(found) == 1 else "@" + endpoint.name.replace("/", "-"),
            description,
            app_name(endpoint.name),
            endpoint.name,
        )
        for endpoint, description in found
    ]


def mentioned_in(text: str, apps: Sequence[Mentionable]) -> tuple[Mentionable, str] | None:
    """The app that a text begins with, and the rest of the text; `None` if it begins with none.

    An app may be called what its messages are signed with, too, if only one is signed so.
    """
    name, _, rest = text.partition(" ")
    called = [app for app in apps if app.name.lower() == name.lower()]
    signed = [app for app in apps if f"@{app.app}".lower() == name.lower()]
    found = called or signed
    return (found[0], rest.strip()) if len(found) == 1 else None
