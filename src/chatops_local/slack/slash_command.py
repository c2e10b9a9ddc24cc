"""A typed slash command, and the form that Slack sends for it.

https://docs.slack.dev/interactivity/implementing-slash-commands
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote_plus

from chatops_local.slack.ids import new_trigger_id, require_id

if TYPE_CHECKING:
    from chatops_local.slack.workspace import SlackApp

TEAM_DOMAIN = "local-workspace"

DEFAULT_USER = "U0LOCALUSER"
DEFAULT_CHANNEL = "C0LOCALOPS"


@dataclass(frozen=True)
class SlashCommand:
    """What one user typed in one channel."""

    command: str
    text: str
    user_id: str
    channel_id: str

    @classmethod
    def typed(cls, command_line: str, *, user: str = DEFAULT_USER, channel: str = DEFAULT_CHANNEL) -> SlashCommand:
        """What Slack makes of the line in the message field: up to the first blank the command, the rest its text.

        Raises:
            ValueError: The line is no slash command, or an id is malformed.
        """
        command, _, text = command_line.partition(" ")
        if not command.startswith("/") or command == "/":
            raise ValueError(
                f'command {command_line!r}: a slash command starts with "/" and a name, such as "/ps" or "/ops restart"'
            )
        return cls(command, text, require_id("user", user), require_id("channel", channel))

    def form(self, app: SlackApp, response_url: str) -> bytes:
        """The request's body, with a new trigger_id: fields in Slack's order, `+` for a blank, an empty `text` kept."""
        fields = {
            "token": app.verification_token,
            "team_id": app.team_id,
            "team_domain": TEAM_DOMAIN,
            "channel_id": self.channel_id,
            "channel_name": channel_name(self.channel_id),
            "user_id": self.user_id,
            "user_name": self.user_id.lower(),
            "command": self.command,
            "text": self.text,
            "api_app_id": app.app_id,
            "is_enterprise_install": "false",
            "response_url": response_url,
            "trigger_id": new_trigger_id(),
        }
        return "&".join(f"{name}={quote_plus(value)}" for name, value in fields.items()).encode()


def channel_name(channel_id: str) -> str:
    """What Slack calls a channel in requests: direct messages and private channels all the same."""
    kinds = {"D": "directmessage", "G": "privategroup"}
    return kinds.get(channel_id[0], channel_id.lower())
