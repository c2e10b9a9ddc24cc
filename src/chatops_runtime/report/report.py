"""The report function's input: a command's outcome, and where it is to be said.

The shape is in `chatops_runtime.contracts.report`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chatops_runtime.contracts import report as contract
from chatops_runtime.contracts.commands_table import VISIBLE_TO_CHANNEL
from chatops_runtime.report.command import Command
from chatops_runtime.slack import mrkdwn


@dataclass(frozen=True)
class Report(Command):
    """What is to be reported."""

    outcome: dict[str, Any]
    said: int
    tries: int
    used: int = 0
    approved_by: tuple[str, ...] = ()

    @classmethod
    def from_event(cls, event: dict[str, Any]) -> Report:
        """The report in the function's `event`.

        Raises:
            ValueError: It is of another version than this code.
        """
        return cls(
            **cls.fields(event),
            outcome=event["outcome"],
            said=event["said"],
            tries=event["tries"],
            used=event.get("used", 0),
            approved_by=tuple(event.get("approved_by", ())),
        )

    @property
    def origin(self) -> str:
        """Who asked and who approved, if others see the message too, and the id to look it up by."""
        if not self.approved_by or self.visible != VISIBLE_TO_CHANNEL:
            return super().origin
        asked = mrkdwn.user(self.request["user_id"])
        approved = ", ".join(map(mrkdwn.user, self.approved_by))
        return f"(asked by {asked}, approved by {approved}, id {self.shown_id})"

    @property
    def kind(self) -> str:
        """The result's kind, or the status when there is no result."""
        if self.outcome["status"] == contract.FINISHED:
            return str(self.outcome["result"].get("kind"))
        return str(self.outcome["status"])
