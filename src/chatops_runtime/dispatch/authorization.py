"""Who may run a command: what the commands table's `allow` says, and in words to whom it says no."""

from __future__ import annotations

from chatops_runtime.slack import mrkdwn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from chatops_runtime.slack.slash_command import SlashCommand


def is_allowed(allow: dict[str, Any], command: SlashCommand) -> bool:
    """Whether who sent `command`, where it was sent, may run what `allow` belongs to. An unknown kind allows nobody."""
    kind = allow["kind"]
    if kind == "workspace":
        return True  # that it is this workspace was checked before
    if kind == "channel":
        return command.channel_id in allow["ids"]
    if kind == "user":
        return command.user_id in allow["ids"]
    return False


def who_may(allow: dict[str, Any]) -> str:
    """Who may run it, for people."""
    kind = allow["kind"]
    if kind == "workspace":
        return "everybody in this workspace"
    if kind == "channel":
        return f"everybody in {_any_of(map(mrkdwn.channel, allow['ids']))}"
    if kind == "user":
        return _any_of(map(mrkdwn.user, allow["ids"]))
    return f"nobody: this endpoint does not know the rule {mrkdwn.code(str(kind))}"


def _any_of(mentions: map[str]) -> str:
    return ", ".join(mentions) or "nobody"
