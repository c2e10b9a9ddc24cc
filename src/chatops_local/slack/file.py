"""A file that an app shared."""

from __future__ import annotations

from dataclasses import dataclass

PREVIEW_LINES = 5


@dataclass(frozen=True)
class File:
    """One file."""

    id: str
    name: str
    title: str
    snippet_type: str
    """Empty: it is no snippet."""
    content: bytes

    @property
    def text(self) -> str:
        """The content, of a snippet."""
        return self.content.decode("utf-8", "replace")

    @property
    def shown(self) -> str:
        """What is on the screen of a snippet: its title and its first lines."""
        lines = self.text.splitlines()
        more = [f"… {len(lines) - PREVIEW_LINES:,} more lines"] if len(lines) > PREVIEW_LINES else []
        return "\n".join([f"[file {self.name}] {self.title}", *lines[:PREVIEW_LINES], *more])
