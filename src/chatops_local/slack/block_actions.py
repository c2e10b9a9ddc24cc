"""The payload that Slack sends when somebody uses a control of a message.

https://docs.slack.dev/reference/interaction-payloads/block_actions-payload
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus

from chatops_local.slack.controls import BUTTON, identified
from chatops_local.slack.ids import new_trigger_id
from chatops_local.slack.slash_command import TEAM_DOMAIN, channel_name

if TYPE_CHECKING:
    from chatops_local.slack.controls import Control
    from chatops_local.slack.message import Message
    from chatops_local.slack.people import Person
    from chatops_local.slack.workspace import SlackApp

Json = dict[str, Any]


@dataclass(frozen=True)
class BlockActions:
    """One use of a control.

    Args:
        app: The app that posted the message.
        message: The message.
        control: The button or the menu.
        person: Who uses it.
        held: What the menu holds now; of a button nothing.
        values: What all menus of the message hold.
    """

    app: SlackApp
    message: Message
    control: Control
    person: Person
    held: Json
    values: Json

    def form(self, response_url: str) -> bytes:
        """The request's body: one field, `payload`."""
        return b"payload=" + quote_plus(json.dumps(self.payload(response_url), separators=(",", ":"))).encode()

    def payload(self, response_url: str) -> Json:
        """The payload, with a new trigger_id."""
        message = self.message
        return {
            "type": "block_actions",
            "user": {
                "id": self.person.id,
                "username": self.person.name,
                "name": self.person.name,
                "team_id": self.person.team_id or self.app.team_id,
            },
            "api_app_id": self.app.app_id,
            "token": self.app.verification_token,
            "container": self._container(),
            "trigger_id": new_trigger_id(),
            # Also if who clicks is of another workspace: https://github.com/slackapi/java-slack-sdk/issues/1041.
            "team": {"id": self.app.team_id, "domain": TEAM_DOMAIN},
            "enterprise": None,
            "is_enterprise_install": False,
            "channel": {"id": message.channel, "name": channel_name(message.channel)},
            # Of an ephemeral message Slack sends no content.
            **({} if message.ephemeral else {"message": as_posted(self.app, message)}),
            "state": {"values": self.values},
            "response_url": response_url,
            "actions": [self._action()],
        }

    def _container(self) -> Json:
        message = self.message
        return {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": message.channel,
            "is_ephemeral": message.ephemeral,
            **({"thread_ts": message.thread_ts} if message.thread_ts else {}),
        }

    def _action(self) -> Json:
        control, element = self.control, self.control.element
        shown = ("text", "value", "style") if control.kind == BUTTON else ("placeholder",)
        return {
            "action_id": control.action_id,
            "block_id": control.block_id,
            **{name: element[name] for name in shown if name in element},
            **self.held,
            "type": control.kind,
            "action_ts": f"{time.time():.6f}",
        }


def as_posted(app: SlackApp, message: Message) -> Json:
    """A message as Slack's answers and payloads have it."""
    return {
        "type": "message",
        **_who(app, message),
        "team": app.team_id,
        "text": message.text,
        "ts": message.ts,
        **({"subtype": "thread_broadcast"} if message.broadcast else {}),
        **({"blocks": identified(message.blocks, message.ts)} if message.blocks else {}),
        **({"thread_ts": message.thread_ts} if message.thread_ts else {}),
    }


def _who(app: SlackApp, message: Message) -> Json:
    if message.author:
        return {"user": message.author}
    return {"user": app.bot_user_id, "bot_id": "B" + app.app_id[1:], "app_id": app.app_id}
