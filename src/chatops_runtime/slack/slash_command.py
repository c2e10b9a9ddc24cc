"""A slash command as Slack sends it: a form, parsed and held to its shape.

https://docs.slack.dev/interactivity/implementing-slash-commands
"""

from __future__ import annotations

import re

from chatops_runtime.contracts.request import TYPED
from chatops_runtime.slack import form

NOT_A_FORM = "body_not_a_form"
NOT_UTF8 = "body_not_utf8"
HOLDS_NUL = "body_holds_nul"
FIELD_REPEATED = "field_repeated"
FIELD_MISSING = "field_missing"
FIELD_MALFORMED = "field_malformed"

_MOST_FIELDS = 100
_REQUIRED = ("team_id", "api_app_id", "channel_id", "user_id", "command", "response_url")
_IDS = ("team_id", "enterprise_id", "api_app_id", "channel_id", "user_id")
# Slack's ids: a capital letter that names the kind, then capitals and digits. Checked here, once, so that what logs
# and messages carry later is known to be an id and nothing else.
_ID = re.compile(r"[A-Z][A-Z0-9]{1,31}")
_COMMAND = re.compile(r"/[^\s<>&`]{1,80}")
_NO_BREAK_SPACE = "\u00a0"


class MalformedCommandError(ValueError):
    """A body that is no slash command. `name` is one of this module's names, `field` the field it is about."""

    def __init__(self, name: str, field: str | None = None) -> None:
        """Of `name`, about `field` if it is about one. Neither holds anything of the body's content."""
        super().__init__(name if field is None else f"{name}: {field}")
        self.name = name
        self.field = field


class SlashCommand:
    """What a user typed, where, and where to answer.

    Attributes:
        source: How it came, see `chatops_runtime.contracts.request`.
        is_of_a_stranger: Whether the user is of another workspace. Slack offers an app's slash commands to users of its
            own workspace only (https://docs.slack.dev/apis/slack-connect), so one that was typed is of no stranger.
    """

    source = TYPED
    is_of_a_stranger = False

    def __init__(self, fields: dict[str, str]) -> None:
        """From a form's fields, which `parse` has checked."""
        self.command = fields["command"]
        self.text = normalised(fields.get("text", ""))
        self.team_id = fields["team_id"]
        self.enterprise_id = fields.get("enterprise_id", "")
        self.app_id = fields["api_app_id"]
        self.channel_id = fields["channel_id"]
        self.channel_name = fields.get("channel_name", "")
        self.user_id = fields["user_id"]
        self.user_name = fields.get("user_name", "")
        self.response_url = fields["response_url"]


def is_ssl_check(body: bytes) -> bool:
    """Whether Slack merely checks the certificate: https://docs.slack.dev/interactivity/implementing-slash-commands."""
    return b"ssl_check=1" in body.split(b"&")


def parse(body: bytes) -> SlashCommand:
    """The slash command in `body`.

    Raises:
        MalformedCommandError: The body is none. Its text names the reason and the field, never a value.
    """
    fields = _fields(body)
    for name in _REQUIRED:
        if not fields.get(name):
            raise MalformedCommandError(FIELD_MISSING, name)
    for name in _IDS:
        if fields.get(name) and not is_id(fields[name]):
            raise MalformedCommandError(FIELD_MALFORMED, name)
    if not is_name(fields["command"]):
        raise MalformedCommandError(FIELD_MALFORMED, "command")
    return SlashCommand(fields)


def is_id(text: str) -> bool:
    """Whether `text` is an id of Slack's."""
    return _ID.fullmatch(text) is not None


def is_name(text: str) -> bool:
    """Whether `text` can be a slash command's name, such as `/ops`."""
    return _COMMAND.fullmatch(text) is not None


def normalised(text: str) -> str:
    """`text` without blanks around it and with plain spaces for the no-break ones that Slack's clients put in."""
    return text.replace(_NO_BREAK_SPACE, " ").strip()


def _fields(body: bytes) -> dict[str, str]:
    try:
        pairs = form.pairs(body, _MOST_FIELDS)
    except UnicodeDecodeError:
        raise MalformedCommandError(NOT_UTF8) from None
    except ValueError:
        raise MalformedCommandError(NOT_A_FORM) from None
    fields: dict[str, str] = {}
    for name, value in pairs:
        if name in fields:
            raise MalformedCommandError(FIELD_REPEATED, name if _is_known(name) else None)
        if "\0" in value:
            raise MalformedCommandError(HOLDS_NUL, name if _is_known(name) else None)
        fields[name] = value
    return fields


def _is_known(name: str) -> bool:
    """Whether `name` may be repeated in an error: an unknown one could hold anything."""
    return name in {*_REQUIRED, *_IDS, "text", "user_name", "channel_name", "token", "trigger_id", "team_domain"}
