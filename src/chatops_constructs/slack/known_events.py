"""Events that Slack tells a bot of, and what the bot has to be allowed so that Slack does.

https://docs.slack.dev/reference/events, whose pages name the scopes. Slack adds events now and then: one that is not
here is given with its scopes.
"""

from __future__ import annotations

MESSAGE = "message"

# https://docs.slack.dev/reference/events/message.channels and the others
CHANNEL_MESSAGES = ("message.channels", "message.groups")
MESSAGES = (*CHANNEL_MESSAGES, "message.im", "message.mpim")
"""What an app subscribes to for messages: there is no subscription to all."""

NOT_OF_THE_USER = frozenset({"url_verification", "app_rate_limited", "event_callback"})
"""What Slack sends about the connection itself: dispatch answers that."""

_CHANNELS = ("channels:read",)
_GROUPS = ("groups:read",)
_FILES = ("files:read",)
_USER_GROUPS = ("usergroups:read",)

SCOPES: dict[str, tuple[str, ...]] = {
    "app_home_opened": (),
    "app_mention": ("app_mentions:read",),
    "app_uninstalled": (),
    "channel_archive": _CHANNELS,
    "channel_created": _CHANNELS,
    "channel_deleted": _CHANNELS,
    "channel_left": _CHANNELS,
    "channel_rename": _CHANNELS,
    "channel_shared": _CHANNELS,
    "channel_unarchive": _CHANNELS,
    "channel_unshared": _CHANNELS,
    "emoji_changed": ("emoji:read",),
    "file_change": _FILES,
    "file_created": _FILES,
    "file_deleted": _FILES,
    "file_shared": _FILES,
    "group_archive": _GROUPS,
    "group_deleted": _GROUPS,
    "group_left": _GROUPS,
    "group_rename": _GROUPS,
    "group_unarchive": _GROUPS,
    "link_shared": ("links:read",),
    "member_joined_channel": (*_CHANNELS, *_GROUPS),
    "member_left_channel": (*_CHANNELS, *_GROUPS),
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "message.im": ("im:history",),
    "message.mpim": ("mpim:history",),
    "pin_added": ("pins:read",),
    "pin_removed": ("pins:read",),
    "reaction_added": ("reactions:read",),
    "reaction_removed": ("reactions:read",),
    "subteam_created": _USER_GROUPS,
    "subteam_members_changed": _USER_GROUPS,
    "subteam_updated": _USER_GROUPS,
    "team_domain_change": ("team:read",),
    "team_join": ("users:read",),
    "team_rename": ("team:read",),
    "user_change": ("users:read",),
}
"""By the name of the subscription."""


def subscriptions(name: str, *, in_channels: bool) -> tuple[str, ...]:
    """What the app subscribes to so that it is told of the event `name`.

    Args:
        name: The event, as `add_event_handler` has it.
        in_channels: Whether only some channels count, so that direct messages do not.
    """
    if name != MESSAGE:
        return (name,)
    return CHANNEL_MESSAGES if in_channels else MESSAGES
