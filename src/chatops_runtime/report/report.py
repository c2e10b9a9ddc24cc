"""The report function's input: a command's outcome, and where it is to be said.

The shape is in `chatops_runtime.contracts.report`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chatops_runtime.contracts import report as contract
from chatops_runtime.contracts.commands_table import VISIBLE_TO_CHANNEL
from chatops_runtime.contracts.request import short_id
from chatops_runtime.slack import mrkdwn

if TYPE_CHECKING:
    from chatops_runtime.contracts.request import CommandRequest


@dataclass(frozen=True)
class Report:
    """What is to be reported."""

    id: str
    execution_arn: str
    started_at: datetime
    request: CommandRequest
    outcome: dict[str, Any]
    said: int
    tries: int

    @classmethod
    def from_event(cls, event: dict[str, Any]) -> Report:
        """The report in the function's `event`.

        Raises:
            ValueError: It is of another version than this code.
        """
        if event["version"] != contract.VERSION:
            raise ValueError(f"report of version {event['version']}: this code reads version {contract.VERSION}")
        return cls(
            id=event["id"],
            execution_arn=event["execution_arn"],
            # Python 3.10 does not read the Z that Step Functions writes.
            started_at=datetime.fromisoformat(event["started_at"].replace("Z", "+00:00")),
            request=event["request"],
            outcome=event["outcome"],
            said=event["said"],
            tries=event["tries"],
        )

    @property
    def kind(self) -> str:
        """The result's kind, or the status when there is no result."""
        if self.outcome["status"] == contract.FINISHED:
            return str(self.outcome["result"].get("kind"))
        return str(self.outcome["status"])

    @property
    def visible(self) -> str:
        """Who sees the command and what becomes of it."""
        return self.request["visible"]

    @property
    def command(self) -> str:
        """The command as inline code."""
        return mrkdwn.code(self.request["command"])

    @property
    def origin(self) -> str:
        """Who asked, if others see the message too, and the id to look it up by."""
        asked = f"asked by {mrkdwn.user(self.request['user_id'])}, " if self.visible == VISIBLE_TO_CHANNEL else ""
        return f"({asked}id {mrkdwn.code(short_id(self.id))})"
