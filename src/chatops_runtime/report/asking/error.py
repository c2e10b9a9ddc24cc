"""Why a question cannot be asked, and what to do about it."""

from __future__ import annotations

from chatops_runtime.log_line import LoggableError
from chatops_runtime.slack import refusals

# https://docs.slack.dev/reference/methods/chat.postMessage#errors
_INVITE = "Invite the app to that channel (`/invite` and the app's name), or name another one in Approval(channel=…)"
_ADVICE = {
    "channel_not_found": _INVITE,
    "not_in_channel": _INVITE,
    "is_archived": "The channel is archived: name another one in Approval(channel=…)",
    "restricted_action": "The workspace's settings do not let the app post there",
    "missing_scope": "Give the app the scope chat:write and install it into the workspace again",
}
_TOKEN = "Put the app's Bot User OAuth Token into its parameter"  # noqa: S105 - no token, indeed


class CannotAskError(LoggableError):
    """This question can never be asked. Its name is `LASTING` of the contract."""


def advice(code: str) -> str:
    """What to do about Slack's refusal `code`."""
    if refusals.is_of_token(code):
        return _TOKEN
    return _ADVICE.get(code, "See https://docs.slack.dev/reference/methods/chat.postMessage#errors")
