"""What is said about a report: messages, of which a file may take the place of all but the first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chatops_runtime.slack.message import Message
    from chatops_runtime.slack.text_file import TextFile


@dataclass(frozen=True)
class Account:
    """What is said.

    Attributes:
        messages: In the order in which they are to be delivered. A pure function of the report, so that an invocation
            can go on where an earlier one had to stop.
        file: All of what has no room in the first message, for the other messages' place if Slack takes it; or None.
    """

    messages: tuple[Message, ...]
    file: TextFile | None = None
