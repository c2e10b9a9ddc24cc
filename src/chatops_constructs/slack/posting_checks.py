"""What is wrong with the parameters of what posts to a channel by itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chatops_constructs._problems import Problems, matches

if TYPE_CHECKING:
    from chatops_constructs.slack.credentials import SlackCredentials

# https://docs.slack.dev/reference/objects/conversation-object and …/user-object. C: channel, G: a private one of old,
# D: direct message, U and W: a person, to whom the app writes a direct message.
CONVERSATION_ID = re.compile(r"[CGDUW][A-Z0-9]{2,20}")


def check_channel(problems: Problems, name: str, channel: object) -> None:
    """Note what is no id of a conversation."""
    problems.check(
        matches(CONVERSATION_ID, channel),
        name,
        channel,
        "an id: C (or G, D, U, W) and capital letters or digits, not a name",
        "copy the id at the bottom of the channel's details in Slack",
    )


def check_credentials(problems: Problems, credentials: SlackCredentials) -> None:
    """Note if there is no bot token."""
    problems.check(
        credentials.bot_token_parameter is not None,
        "credentials",
        "SlackCredentials without a bot token",
        "credentials with a bot token, without which nobody can post to a channel",
        "write SlackCredentials.from_parameters(…, bot_token=True)",
    )
