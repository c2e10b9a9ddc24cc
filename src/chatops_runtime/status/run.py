"""A command that runs or ran."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


@dataclass(frozen=True)
class Run:
    """An execution of a command.

    Attributes:
        command: The command's key in the commands table.
        name: The execution's name.
        request: What was typed, `chatops_runtime.contracts.request`. There is a `response_url` in it, which is secret.
        status: As Step Functions calls it.
        began: When.
        ended: When; None while it runs.
        error: With which it ended.
        cause: What goes with the error.
        state: The state that it is in, if that was looked for.
    """

    command: str
    name: str
    request: Mapping[str, Any]
    status: str
    began: datetime
    ended: datetime | None = None
    error: str = ""
    cause: str = ""
    state: str = ""

    def is_shown_to(self, user_id: str, channel_id: str) -> bool:
        """Whether somebody may see what was typed: their own, or what everybody in this channel saw anyway."""
        visible_here = self.request.get("visible") == "channel" and self.request.get("channel_id") == channel_id
        return visible_here or self.request.get("user_id") == user_id

    def __repr__(self) -> str:
        """Without what was typed."""
        return f"Run(command={self.command!r}, name={self.name!r}, status={self.status!r})"
