"""A channel in Slack."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatops_constructs.slack.arguments.mention_argument import MentionArgument
from chatops_constructs.slack.authorization import CHANNEL_ID
from chatops_runtime.contracts import arguments

if TYPE_CHECKING:
    import re

    from chatops_runtime.contracts.arguments import Kind


@dataclass(frozen=True)
class ChannelArg(MentionArgument):
    """A channel in Slack: `#ops`. Scripts and functions get the id, `C…`; a name is never trusted.

    The slash command needs "Escape channels, users, and links" then, which `chatops-constructs setup` turns on.

    Example:
        from chatops_constructs import ChannelArg

        where = ChannelArg("where", default="C0123OPS")

    Attributes:
        name: The name, which is typed as `--name`.
        default: The id when nothing is typed. Default: none.
        required: Whether it has to be given; one with a default never has to. Default: True.
        help: What it means in a few words, for `help` and for menus. Default: nothing.
    """

    @property
    def _kind(self) -> Kind:
        return arguments.CHANNEL

    @property
    def _sign(self) -> str:
        return "#"

    @property
    def _id(self) -> re.Pattern[str]:
        return CHANNEL_ID
