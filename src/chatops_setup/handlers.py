"""What of an endpoint answers events and interactions, as `chatops_runtime.contracts.template_metadata` has it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

SHORTCUT_TYPES = {"shortcut": "global", "message_action": "message"}
"""By the type of an interaction: https://docs.slack.dev/reference/app-manifest, features.shortcuts."""


@dataclass(frozen=True)
class Event:
    """An event that has a function.

    Attributes:
        name: As `add_event_handler` has it.
        description: What the function does.
        subscriptions: What the app subscribes to for it.
        scopes: What the bot has to be allowed for it.
    """

    name: str
    description: str
    subscriptions: tuple[str, ...]
    scopes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Interaction:
    """An interaction that has a function.

    Attributes:
        type: Slack's word: `block_actions`, `shortcut`, `message_action`, `view_submission`.
        id: The `action_id` or `callback_id`.
        description: What the function does.
        title: Of a shortcut, its name in Slack's menus.
        scopes: What the bot has to be allowed for it.
    """

    type: str
    id: str
    description: str
    title: str
    scopes: tuple[str, ...] = ()

    @property
    def shortcut_type(self) -> str | None:
        """`global` or `message`; None if it is no shortcut."""
        return SHORTCUT_TYPES.get(self.type)


def events(mark: Mapping[str, Any]) -> tuple[Event, ...]:
    """Those of an endpoint's mark."""
    return tuple(
        Event(name, each["description"], tuple(each["subscriptions"]), tuple(each["scopes"]))
        for name, each in sorted(mark.get("events", {}).items())
    )


def interactions(mark: Mapping[str, Any]) -> tuple[Interaction, ...]:
    """Those of an endpoint's mark."""
    return tuple(
        Interaction(
            type=each["type"],
            id=each["id"],
            description=each["description"],
            title=each.get("title") or _title(each["id"]),
            scopes=tuple(each["scopes"]),
        )
        for _, each in sorted(mark.get("interactions", {}).items())
    )


def _title(id: str) -> str:
    """`Page oncall` of `page_oncall`."""
    words = " ".join("".join(letter if letter.isalnum() else " " for letter in id).split())
    return words[:1].upper() + words[1:]
