"""The payloads of what people start outside of a message's controls: shortcuts, and modals that they submit.

https://docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload: no `api_app_id` is documented for
these (https://docs.slack.dev/tools/bolt-js/reference/interfaces/MessageShortcut has none), so there is none here.
https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus

from chatops_local.slack.block_actions import as_posted
from chatops_local.slack.ids import new_trigger_id, new_word
from chatops_local.slack.slash_command import TEAM_DOMAIN, channel_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_local.slack.message import Message
    from chatops_local.slack.people import Person
    from chatops_local.slack.workspace import SlackApp

Json = dict[str, Any]


def global_shortcut(app: SlackApp, callback_id: str, person: Person) -> Json:
    """Somebody uses a global shortcut: there is no channel, and no response_url."""
    return {
        "type": "shortcut",
        "token": app.verification_token,
        "action_ts": f"{time.time():.6f}",
        "team": _team(app),
        "user": _user(app, person),
        "is_enterprise_install": False,
        "enterprise": None,
        "callback_id": callback_id,
        "trigger_id": new_trigger_id(),
    }


def message_shortcut(app: SlackApp, callback_id: str, person: Person, message: Message, response_url: str) -> Json:
    """Somebody uses a message shortcut, in the menu of a message."""
    return {
        **global_shortcut(app, callback_id, person),
        "type": "message_action",
        "response_url": response_url,
        "message_ts": message.ts,
        "channel": {"id": message.channel, "name": channel_name(message.channel)},
        "message": as_posted(app, message),
    }


def view_submission(
    app: SlackApp, callback_id: str, person: Person, values: Mapping[str, Any], private_metadata: str
) -> Json:
    """Somebody submits a modal."""
    view_id = "V" + app.app_id[1:] + new_word(6).upper()
    return {
        "type": "view_submission",
        "team": _team(app),
        "user": _user(app, person),
        "api_app_id": app.app_id,
        "token": app.verification_token,
        "trigger_id": new_trigger_id(),
        "view": {
            "id": view_id,
            "team_id": app.team_id,
            "type": "modal",
            "blocks": [],
            "private_metadata": private_metadata,
            "callback_id": callback_id,
            "state": {"values": {block_id: _held(block_id, held) for block_id, held in values.items()}},
            "hash": f"{int(time.time())}.{new_word(8)}",
            "clear_on_close": False,
            "notify_on_close": False,
            "root_view_id": view_id,
            "previous_view_id": None,
            "app_id": app.app_id,
            "external_id": "",
            "app_installed_team_id": app.team_id,
            "bot_id": "B" + app.app_id[1:],
        },
        "response_urls": [],
        "is_enterprise_install": False,
        "enterprise": None,
    }


def form(payload: Json) -> bytes:
    """The request's body: one field, `payload`."""
    return b"payload=" + quote_plus(json.dumps(payload, separators=(",", ":"))).encode()


def _held(block_id: str, held: str | Mapping[str, Any]) -> Mapping[str, Any]:
    """What the inputs of a block hold: of a text the one plain text input of that block."""
    if isinstance(held, str):
        return {block_id: {"type": "plain_text_input", "value": held}}
    return held


def _team(app: SlackApp) -> Json:
    return {"id": app.team_id, "domain": TEAM_DOMAIN}


def _user(app: SlackApp, person: Person) -> Json:
    named = {"id": person.id, "username": person.name, "name": person.name}
    return {**named, "team_id": person.team_id or app.team_id}
