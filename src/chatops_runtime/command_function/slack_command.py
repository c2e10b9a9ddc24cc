"""What a command's function receives."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chatops_runtime.contracts.reply import VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class User:
    """Who typed the command. `name` is for people; only `id` tells users apart."""

    id: str
    name: str


@dataclass(frozen=True)
class Channel:
    """Where it was typed. Slack names direct messages `directmessage` and private channels `privategroup`."""

    id: str
    name: str


@dataclass(frozen=True)
class SlackCommand:
    """A slash command that somebody typed and was allowed to.

    Attributes:
        command: The command, with its sub-command if it has one: `/hello`, `/ops restart`.
        text: What was typed after it, without blanks around it.
        user: Who typed it.
        channel: Where.
        team_id: In which workspace.
        request_id: The name of the execution. A redelivered request has the same one, so it serves as a key for
            doing things once.
        arguments: The values of the arguments that the command declares, by name, of the type that is declared: text,
            a whole number, a truth value. An optional one that was not given and has no default is not there, nor is
            any for a command that declares none.
    """

    command: str
    text: str
    user: User
    channel: Channel
    team_id: str
    request_id: str
    arguments: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @classmethod
    def from_event(cls, event: dict[str, Any]) -> SlackCommand:
        """The command in the event that the command's state machine invokes the function with.

        Raises:
            ValueError: The event is none, or of another version than this code.
        """
        version = event.get("version") if isinstance(event, dict) else None
        if version != VERSION:
            raise ValueError(
                f"the event has version {version!r}, this code reads version {VERSION}: "
                "the function is to be invoked by a command's state machine, and its layer to be deployed with it"
            )
        return cls(
            command=event["command"],
            text=event["text"],
            user=User(event["user"]["id"], event["user"]["name"]),
            channel=Channel(event["channel"]["id"], event["channel"]["name"]),
            team_id=event["team_id"],
            request_id=event["request_id"],
            arguments=dict(event.get("arguments") or {}),
        )

    @classmethod
    def for_test(
        cls,
        text: str = "",
        *,
        command: str = "/test",
        user: User | None = None,
        channel: Channel | None = None,
        team_id: str = "T0TEST",
        request_id: str = "0" * 64,
        arguments: Mapping[str, Any] | None = None,
    ) -> SlackCommand:
        """A command for the tests of a function: `restart(SlackCommand.for_test(arguments={"service": "web"}))`."""
        return cls(
            command=command,
            text=text,
            user=user or User("U0TEST", "tester"),
            channel=channel or Channel("C0TEST", "test"),
            team_id=team_id,
            request_id=request_id,
            arguments=dict(arguments or {}),
        )
