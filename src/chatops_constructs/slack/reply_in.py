"""Where an event is answered."""

from __future__ import annotations

from enum import Enum

from chatops_runtime.contracts import commands_table


class ReplyIn(Enum):
    """Where the answer to an event goes."""

    THREAD = commands_table.REPLY_IN_THREAD
    """Below the message that it is about. In a direct message: into the conversation, or the thread that it is in."""

    CHANNEL = commands_table.REPLY_IN_CHANNEL
    """Into the channel itself."""
