"""An interaction as Slack sends it: somebody clicked on a control of a message, or did something else with the app.

https://docs.slack.dev/reference/interaction-payloads/block_actions-payload
"""

from __future__ import annotations

import json
import re

from chatops_runtime.contracts import control
from chatops_runtime.contracts.request import BUTTON
from chatops_runtime.slack import form
from chatops_runtime.slack.slash_command import SlashCommand, is_id, is_name, normalised

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

PAYLOAD_MALFORMED = "payload_malformed"
FIELD_MISSING = "field_missing"
FIELD_MALFORMED = "field_malformed"

_FIELD = "payload"
_BLOCK_ACTIONS = "block_actions"
_OF_A_MESSAGE = "message"
_TIMESTAMP = re.compile(r"\d{1,12}\.\d{1,8}", re.ASCII)


class MalformedInteractionError(ValueError):
    """A body that is no interaction. Its text names the reason and the field, never a value."""

    def __init__(self, name: str, field: str | None = None) -> None:
        """Of `name`, one of this module's, about `field` if it is about one."""
        super().__init__(name if field is None else f"{name}: {field}")


class Interaction:
    """Who clicked on what, where, and where to answer. Of what is no click on a control of a message, only who."""

    def __init__(self, payload: dict[str, Any]) -> None:
        """From a payload, of which everything is still to be checked.

        Raises:
            MalformedInteractionError: It is none.
        """
        user, team = _object(payload, "user"), _object(payload, "team")
        self.user_id = _id(user, "id")
        self.user_name = _text(user, "username") or _text(user, "name")
        self.user_team_id = _id(user, "team_id", optional=True)
        # Null if the app is installed to a whole organisation; then whoever clicks says which workspace it is.
        self.team_id = _id(team, "id", optional=True) or self.user_team_id
        self.enterprise_id = _id(_object(payload, "enterprise"), "id", optional=True)
        self.app_id = _id(payload, "api_app_id")
        self.response_url = ""
        self.action_id = ""
        """Of one of our controls; empty for anything else."""
        container = _object(payload, "container")
        if _text(payload, "type") == _BLOCK_ACTIONS and _text(container, "type") == _OF_A_MESSAGE:
            self._take_click(payload, container, next(_objects(payload, "actions"), {}))

    def _take_click(self, payload: dict[str, Any], container: dict[str, Any], action: dict[str, Any]) -> None:
        channel = _object(payload, "channel")
        action_id = _text(action, "action_id")
        if action_id not in control.DECIDED and not control.is_run(action_id):
            return
        self.action_id = control.RUN if control.is_run(action_id) else action_id
        self.value = _text(action, "value", longest=control.LONGEST_RUN)
        self.channel_id = _id(container, "channel_id", optional=True) or _id(channel, "id")
        self.channel_name = _text(channel, "name")
        self.message_ts = _text(container, "message_ts")
        if not _TIMESTAMP.fullmatch(self.message_ts):
            raise MalformedInteractionError(FIELD_MALFORMED, "message_ts")
        self.is_ephemeral = container.get("is_ephemeral") is True
        self.response_url = _text(payload, "response_url")
        if not self.response_url:
            raise MalformedInteractionError(FIELD_MISSING, "response_url")
        self.selected = _selected(_object(_object(payload, "state"), "values"))

    def as_command(self) -> SlashCommand:
        """The command that the control says, as if who clicked had typed it there.

        Raises:
            MalformedInteractionError: It says none.
        """
        name, _, text = normalised(self.value).partition(" ")
        if not is_name(name):
            raise MalformedInteractionError(FIELD_MALFORMED, "value")
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
        MalformedInteractionError: The body is none.
    """
    try:
        ((name, value),) = form.pairs(body, 1)
        payload = json.loads(value)
    except (ValueError, RecursionError):
        raise MalformedInteractionError(PAYLOAD_MALFORMED) from None
    if name != _FIELD or not isinstance(payload, dict):
        raise MalformedInteractionError(PAYLOAD_MALFORMED)
    return Interaction(payload)


def _object(holder: dict[str, Any], field: str) -> dict[str, Any]:
    value = holder.get(field)
    return {} if value is None else _as_object(value, field)


def _as_object(value: object, field: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise MalformedInteractionError(FIELD_MALFORMED, field)
    return value


def _objects(holder: dict[str, Any], field: str) -> Iterator[dict[str, Any]]:
    values = holder.get(field)
    if values is None:
        return
    if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
        raise MalformedInteractionError(FIELD_MALFORMED, field)
    yield from values


def _text(holder: dict[str, Any], field: str, *, longest: int = 10_000) -> str:
    value = holder.get(field)
    if value is None:
        return ""
    # JSON can write half a surrogate pair, which nothing that this is handed to takes; nor does it take NUL.
    if not isinstance(value, str) or len(value) > longest or "\0" in value or not _is_utf8(value):
        raise MalformedInteractionError(FIELD_MALFORMED, field)
    return value


def _is_utf8(text: str) -> bool:
    return text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text)


def _id(holder: dict[str, Any], field: str, *, optional: bool = False) -> str:
    value = _text(holder, field)
    if not value and not optional:
        raise MalformedInteractionError(FIELD_MISSING, field)
    if value and not is_id(value):
        raise MalformedInteractionError(FIELD_MALFORMED, field)
    return value


def _selected(values: dict[str, Any]) -> list[str]:
    """What is chosen in our menus: by the menus' numbers, since nothing is said about the order of `values`."""
    menus: dict[int, list[str]] = {}
    for block in values.values():
        for action_id, state in _as_object(block, "values").items():
            number = control.menu_number(action_id)
            if number is not None:
                element = _as_object(state, "values")
                options = [_object(element, "selected_option"), *_objects(element, "selected_options")]
                menus.setdefault(number, []).extend(_text(option, "value") for option in options if option)
    return [value for number in sorted(menus) for value in menus[number]]
