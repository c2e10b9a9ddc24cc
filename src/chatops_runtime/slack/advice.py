"""What to do about what Slack refused: https://docs.slack.dev/reference/methods/chat.postMessage#errors."""

from __future__ import annotations

_CHANNEL = "check the channel's id, and if it is private invite the app: /invite @the-app in the channel"
_TOKEN = "put the Bot User OAuth Token of the installed app (xoxb-…) into the parameter"  # noqa: S105 - no token
_SCOPE = "add the scope chat:write to the app (OAuth & Permissions) and install it to the workspace again"
_BLOCKS = "try the blocks in the Block Kit Builder, https://app.slack.com/block-kit-builder"

_ADVICE = {
    "channel_not_found": _CHANNEL,
    "not_in_channel": "invite the app: /invite @the-app in the channel",
    "is_archived": "unarchive the channel, or name another one",
    "account_inactive": _TOKEN,
    "invalid_auth": _TOKEN,
    "not_authed": _TOKEN,
    "token_expired": _TOKEN,
    "token_revoked": _TOKEN,
    "missing_scope": _SCOPE,
    "no_permission": _SCOPE,
    "restricted_action": "let the app post in this channel: a workspace preference restricts who may",
    "invalid_blocks": _BLOCKS,
    "invalid_blocks_format": _BLOCKS,
    "msg_blocks_too_long": "shorten the blocks, or say it in several messages",
}
_OTHER = "look the error up at https://docs.slack.dev/reference/methods/chat.postMessage"


def on(code: str) -> str:
    """What to do about Slack's error `code`."""
    return _ADVICE.get(code, _OTHER)
