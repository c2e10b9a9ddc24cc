"""Somebody clicked: `chatops_runtime.contracts.click`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from chatops_runtime.contracts import click as contract


@dataclass(frozen=True)
class Click:
    """A click on one of our controls.

    Attributes:
        id: Of the click: the name of its execution.
        team_id: The endpoint's workspace.
        user_id: Who clicked.
        user_team_id: Their workspace.
        channel_id: Where.
        response_url: For answers to this click.
        action_id: Which control.
        value: The control's handle.
        selected: What is chosen in the menus of the message.
        switched_off: Why commands do not run now, in words; empty if they do.
    """

    id: str
    team_id: str
    user_id: str
    user_team_id: str
    channel_id: str
    response_url: str = field(repr=False)
    action_id: str
    value: str = field(repr=False)
    selected: tuple[str, ...]
    switched_off: str

    @classmethod
    def from_event(cls, event: dict[str, Any]) -> Click:
        """The click in the function's `event`.

        Raises:
            ValueError: It is of another version than this code, or no click.
        """
        if (event["version"], event["kind"]) != (contract.VERSION, contract.CLICK):
            raise ValueError(
                f"{event['kind']} of version {event['version']}: this code reads a click of version {contract.VERSION}"
            )
        return cls(
            id=event["id"],
            team_id=event["team_id"],
            user_id=event["user_id"],
            user_team_id=event["user_team_id"],
            channel_id=event["channel_id"],
            response_url=event["response_url"],
            action_id=event["action_id"],
            value=event["value"],
            selected=tuple(event["selected"]),
            switched_off=event["switched_off"],
        )
