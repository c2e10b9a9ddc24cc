"""An interaction that is none with a control of ours: a control of the user's own, a shortcut, a modal.

https://docs.slack.dev/reference/interaction-payloads
"""

from __future__ import annotations

import re

from chatops_runtime.slack import strict_json
from chatops_runtime.slack.json_fields import id_of, object_of, objects_of, text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from chatops_runtime.slack.interaction import Interaction

BLOCK_ACTIONS = "block_actions"
SHORTCUT = "shortcut"
MESSAGE_ACTION = "message_action"
VIEW_SUBMISSION = "view_submission"

OURS = "chatops."
"""Ids of the library's own controls: a menu of ours for instance, in which somebody has chosen something."""

_OFFERED_TO_OWN = (SHORTCUT, MESSAGE_ACTION, VIEW_SUBMISSION)
_SECRET = ("token", "response_url", "response_urls", "bot_access_token", "trigger_id")
_CHOSEN = ("selected_user", "selected_channel", "selected_conversation", "selected_date", "selected_time")
_TIMESTAMP = re.compile(r"\d{1,12}\.\d{1,8}", re.ASCII)


class HandledInteraction:
    """Who did what, and where to answer.

    Attributes:
        kind: `BLOCK_ACTIONS`, `SHORTCUT`, `MESSAGE_ACTION` or `VIEW_SUBMISSION`.
        id: The `action_id` of the control, or the `callback_id` of the shortcut or the modal.
        value: A button's, or what was chosen, if it is one thing; may be empty.
        user_id: Who did it.
        user_name: Their name.
        team_id: The workspace.
        app_id: The app.
        enterprise_id: The organisation; may be empty.
        channel_id: Where; empty for what is nowhere.
        channel_name: Its name; may be empty.
        thread_ts: Of the message whose thread it happened in; may be empty.
        response_url: May be empty.
        is_of_a_stranger: Whether the user is of another workspace, in a channel that is shared with it.
        payload: All of it but its secrets.
    """

    def __init__(self, kind: str, of: Interaction) -> None:
        """From a payload, of which everything is still to be checked.

        Raises:
            MalformedPayloadError: It is not of that type.
        """
        payload = of.payload
        strict_json.check(payload)
        self.kind = kind
        self.user_id, self.user_name = of.user_id, of.user_name
        self.team_id, self.app_id, self.enterprise_id = of.team_id, of.app_id, of.enterprise_id
        action = next(objects_of(payload, "actions"), {}) if kind == BLOCK_ACTIONS else {}
        named = {BLOCK_ACTIONS: action, VIEW_SUBMISSION: object_of(payload, "view")}.get(kind, payload)
        self.id = text_of(named, "action_id" if kind == BLOCK_ACTIONS else "callback_id")
        self.value = _value(action)
        container, channel = object_of(payload, "container"), object_of(payload, "channel")
        message = object_of(payload, "message")
        self.channel_id = id_of(container, "channel_id", optional=True) or id_of(channel, "id", optional=True)
        self.channel_name = text_of(channel, "name")
        thread_ts = text_of(container, "thread_ts") or text_of(message, "thread_ts")
        self.thread_ts = thread_ts if _TIMESTAMP.fullmatch(thread_ts) else ""
        self.response_url = text_of(payload, "response_url")
        # Slack offers shortcuts and modals of an app to its own workspace; controls stand in shared channels too.
        is_own = of.user_team_id == of.team_id or (not of.user_team_id and kind in _OFFERED_TO_OWN)
        self.is_of_a_stranger = not is_own
        self.payload: dict[str, Any] = {name: value for name, value in payload.items() if name not in _SECRET}


def of(interaction: Interaction) -> HandledInteraction | None:
    """What somebody did, or None if it is nothing that a function may answer.

    Raises:
        MalformedPayloadError: The payload is none of its type.
    """
    kind = text_of(interaction.payload, "type")
    if kind not in (BLOCK_ACTIONS, *_OFFERED_TO_OWN):
        return None
    found = HandledInteraction(kind, interaction)
    return found if found.id and not found.id.startswith(OURS) else None


def _value(action: dict[str, Any]) -> str:
    if "value" in action:
        return text_of(action, "value")
    option = object_of(action, "selected_option")
    if option:
        return text_of(option, "value")
    return next((text_of(action, name) for name in _CHOSEN if action.get(name)), "")
