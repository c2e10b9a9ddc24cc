"""What Slack's Events API sends: https://docs.slack.dev/apis/events-api#callback-field."""

from __future__ import annotations

import re

from chatops_runtime.slack.json_fields import FIELD_MALFORMED, MalformedPayloadError, id_of, object_of, objects_of
from chatops_runtime.slack.slash_command import is_id

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

BOT_MESSAGE = "bot_message"
SLACKBOT = "USLACKBOT"
"""Slack's own bot, whose messages have no mark of a bot."""

_EVENT_ID = re.compile(r"Ev[A-Z0-9]{2,30}", re.ASCII)
_TYPE = re.compile(r"[a-z][a-z0-9_.]{0,79}", re.ASCII)
_TIMESTAMP = re.compile(r"\d{1,12}\.\d{1,8}", re.ASCII)

_SECRET = ("bot_access_token", "token", "response_url")
"""Members of some events that open doors: https://docs.slack.dev/reference/events/function_executed."""


class EventCallback:
    """One event: what happened, where, by whom, and to which installation of the app Slack tells it.

    Attributes:
        team_id: The workspace of the installation.
        app_id: The app.
        enterprise_id: The organisation; may be empty.
        response_url: Empty: events have none.
        event_id: Slack's id of the event, the same in every delivery.
        event_time: The second in which it happened.
        event: The inner event, as Slack describes it under its type.
        type: Its type.
        subtype: Of a message; may be empty.
        channel_type: Of a message: channel, group, im or mpim; may be empty.
        user_id: Who did it, or whom it is about; may be empty.
        channel_id: Where; may be empty.
        text: The text of a message; may be empty.
        ts: Of the message that it is, or is about; may be empty.
        thread_ts: Of the message whose thread that one is in; may be empty.
    """

    response_url = ""

    def __init__(self, body: dict[str, Any]) -> None:
        """From a body of the type event_callback, which `strict_json` has read.

        Raises:
            MalformedPayloadError: It is none.
        """
        self._installation = next(objects_of(body, "authorizations"), {})
        # In a channel that is shared with another organisation, `team_id` may be that one's.
        self.team_id = (
            id_of(self._installation, "team_id", optional=True)
            or id_of(body, "context_team_id", optional=True)
            or id_of(body, "team_id")
        )
        self._of_team = id_of(body, "team_id", optional=True) or self.team_id
        self._is_shared = body.get("is_ext_shared_channel") is True
        self.app_id = id_of(body, "api_app_id")
        self.enterprise_id = id_of(body, "enterprise_id", optional=True)
        self.event_id = _matching(_EVENT_ID, body, "event_id")
        event_time = body.get("event_time")
        self.event_time = event_time if isinstance(event_time, int) else 0
        self.event = {name: value for name, value in object_of(body, "event").items() if name not in _SECRET}
        self.type = _matching(_TYPE, self.event, "type")
        self.subtype = _text(self.event, "subtype")
        self.channel_type = _text(self.event, "channel_type")
        self.text = _text(self.event, "text")
        item, message = _object(self.event, "item"), _object(self.event, "message")
        self.user_id = _first_id(
            (self.event, "user"), (_object(self.event, "user"), "id"), (self.event, "user_id"), (message, "user")
        )
        self.channel_id = _first_id(
            (self.event, "channel"),
            (_object(self.event, "channel"), "id"),
            (self.event, "channel_id"),
            (item, "channel"),
        )
        self.ts = _first_timestamp((self.event, "ts"), (item, "ts"), (message, "ts"), (self.event, "message_ts"))
        self.thread_ts = _first_timestamp((self.event, "thread_ts"), (message, "thread_ts"))

    @property
    def is_of_this_app(self) -> bool:
        """Whether the app did it itself, by its bot."""
        own_user = _text(self._installation, "user_id") if self._installation.get("is_bot") is True else ""
        apps = {_text(each, "app_id") for said in self._said() for each in (said, _object(said, "bot_profile"))}
        users = {self.user_id, *(_text(each, "user") for each in self._said())}
        return self.app_id in apps or own_user in users - {""}

    @property
    def is_of_a_bot(self) -> bool:
        """Whether a bot did it, as far as Slack says so: of messages it does, of reactions for instance it does not."""
        return self.user_id == SLACKBOT or any(
            bool(each.get("bot_id") or each.get("bot_profile")) or _text(each, "subtype") == BOT_MESSAGE
            for each in self._said()
        )

    @property
    def is_of_a_stranger(self) -> bool:
        """Whether it was done by somebody of another workspace, in a channel that is shared with theirs.

        In such a channel nobody is ours of whom Slack does not say it: https://docs.slack.dev/apis/slack-connect
        """
        fields = ("user_team", "source_team", "team")
        teams = {_text(each, name) for each in self._said() for name in fields} - {""}
        if not teams:
            return self._is_shared or self._of_team != self.team_id
        return not teams <= {self.team_id, self.enterprise_id}

    def _said(self) -> list[dict[str, Any]]:
        """The event itself; of one that tells of a message that was changed or deleted, that message too."""
        return [self.event, *filter(None, (_object(self.event, name) for name in ("message", "previous_message")))]


def _matching(pattern: re.Pattern[str], holder: dict[str, Any], field: str) -> str:
    value = holder.get(field)
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise MalformedPayloadError(FIELD_MALFORMED, field)
    return value


# Events are of many kinds, and what is a text in one is an object in another. What is not as it is wanted is not there.


def _object(holder: dict[str, Any], field: str) -> dict[str, Any]:
    value = holder.get(field)
    return value if isinstance(value, dict) else {}


def _text(holder: dict[str, Any], field: str) -> str:
    value = holder.get(field)
    return value if isinstance(value, str) else ""


def _first_id(*fields: tuple[dict[str, Any], str]) -> str:
    return next((found for holder, field in fields if is_id(found := _text(holder, field))), "")


def _first_timestamp(*fields: tuple[dict[str, Any], str]) -> str:
    return next((found for holder, field in fields if _TIMESTAMP.fullmatch(found := _text(holder, field))), "")
