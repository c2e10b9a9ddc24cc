"""A text that Slack keeps as a file, and shows as a snippet."""

from __future__ import annotations

from dataclasses import dataclass

SNIPPET_TYPE = "text"
"""https://docs.slack.dev/reference/methods/files.getUploadURLExternal. A snippet may have 1 MB: far more than what a
state machine hands over, 256 KiB."""


@dataclass(frozen=True)
class TextFile:
    """What is uploaded.

    Attributes:
        name: The file's name.
        title: What people see above it.
        comment: The message that comes with it, in Slack's markup.
        text: What is in it.
    """

    name: str
    title: str
    comment: str
    text: str

    @property
    def content(self) -> bytes:
        """The bytes. Half a character that a program printed must not keep all others from Slack."""
        return self.text.encode("utf-8", "replace")
