"""An interaction as Slack sends it: somebody clicked on a control of a message, or did something else with the app.

https://docs.slack.dev/reference/interaction-payloads/block_actions-payload
"""

from __future__ import annotations

import json
import re

from chatops_runtime.contracts import control
from chatops_runtime.contracts.request import BUTTON
from chatops_runtime.slack import form
from chatops_runtime.slack.json_fields import (
    FIELD_MALFORMED,
    FIELD_MISSING,
    PAYLOAD_MALFORMED,
    MalformedPayloadError,
    as_object,
    id_of,
    object_of,
    objects_of,
    text_of,
)
from chatops_runtime.slack.slash_command import SlashCommand, is_name, normalised

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_FIELD = "payload"
_BLOCK_ACTIONS = "block_actions"
_OF_A_MESSAGE = "message"
# https://docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload: no api_app_id is among them.
_WITHOUT_APP = ("shortcut", "message_action")
_TIMESTAMP = re.compile(r"\d{1,12}\.\d{1,8}", re.ASCII)


class Interaction:
    """Who clicked on what, where, and where to answer. Of what is no click on a control of a message, only who."""

    def __init__(self, payload: dict[str, Any]) -> None:
        """From a payload, of which everything is still to be checked.

        Raises:
            MalformedPayloadError: It is none.
        """
        user, team = object_of(payload, "user"), object_of(payload, "team")
        self.user_id = id_of(user, "id")
        self.user_name = text_of(user, "username") or text_of(user, "name")
        self.user_team_id = id_of(user, "team_id", optional=True)
        # Null if the app is installed to a whole organisation; then whoever clicks says which workspace it is.
        self.team_id = id_of(team, "id", optional=True) or self.user_team_id
        self.enterprise_id = id_of(object_of(payload, "enterprise"), "id", optional=True)
        self.app_id = id_of(payload, "api_app_id", optional=text_of(payload, "type") in _WITHOUT_APP)
        self.response_url = ""
        self.action_id = ""
        """Of one of our controls; empty for anything else."""
        self.payload = payload
        container = object_of(payload, "container")
        if text_of(payload, "type") == _BLOCK_ACTIONS and text_of(container, "type") == _OF_A_MESSAGE:
            self._take_click(payload, container, next(objects_of(payload, "actions"), {}))

    def _take_click(self, payload: dict[str, Any], container: dict[str, Any], action: dict[str, Any]) -> None:
        channel = object_of(payload, "channel")
        action_id = text_of(action, "action_id")
        if action_id not in control.DECIDED and not control.is_run(action_id):
            return
        self.action_id = control.RUN if control.is_run(action_id) else action_id
        self.value = text_of(action, "value", longest=control.LONGEST_RUN)
        self.channel_id = id_of(container, "channel_id", optional=True) or id_of(channel, "id")
        self.channel_name = text_of(channel, "name")
        self.message_ts = text_of(container, "message_ts")
        if not _TIMESTAMP.fullmatch(self.message_ts):
            raise MalformedPayloadError(FIELD_MALFORMED, "message_ts")
        self.is_ephemeral = container.get("is_ephemeral") is True
        self.response_url = text_of(payload, "response_url")
        if not self.response_url:
            raise MalformedPayloadError(FIELD_MISSING, "response_url")
        self.selected = _selected(object_of(object_of(payload, "state"), "values"))

    def as_command(self) -> SlashCommand:
        """The command that the control says, as if who clicked had typed it there.

        Raises:
            MalformedPayloadError: It says none.
        """
        name, _, text = normalised(self.value).partition(" ")
        if not is_name(name):
            raise MalformedPayloadError(FIELD_MALFORMED, "value")
        command = SlashCommand(
            {
                "command": name,
                "text": text,
                "team_id": self.team_id,
                "enterprise_id": self.enterprise_id,
                "api_app_id": self.app_id,
                "channel_id": self.channel_id,
                "channel_name": self.channel_name,
                "user_id": self.user_id,
                "user_name": self.user_name,
                "response_url": self.response_url,
            }
        )
        command.source = BUTTON
        # A message in a shared channel has buttons for members of other workspaces as well.
        command.is_of_a_stranger = self.user_team_id != self.team_id
        return command


def parse(body: bytes) -> Interaction:
    """The interaction in `body`.

    Raises:
        MalformedPayloadError: The body is none.
    """
    try:
        ((name, value),) = form.pairs(body, 1)
        payload = json.loads(value)
    except (ValueError, RecursionError):
        raise MalformedPayloadError(PAYLOAD_MALFORMED) from None
    if name != _FIELD or not isinstance(payload, dict):
        raise MalformedPayloadError(PAYLOAD_MALFORMED)
    return Interaction(payload)


def _selected(values: dict[str, Any]) -> list[str]:
    """What is chosen in our menus: by the menus' numbers, since nothing is said about the order of `values`."""
    menus: dict[int, list[str]] = {}
    for block in values.values():
        for action_id, state in as_object(block, "values").items():
            number = control.menu_number(action_id)
            if number is not None:
                element = as_object(state, "values")
                options = [object_of(element, "selected_option"), *objects_of(element, "selected_options")]
                menus.setdefault(number, []).extend(text_of(option, "value") for option in options if option)
    return [value for number in sorted(menus) for value in menus[number]]
