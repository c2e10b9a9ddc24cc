"""The command that is reported, or asks something: what all events of the report function have of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chatops_runtime.contracts import report as contract
from chatops_runtime.contracts.commands_table import VISIBLE_TO_CHANNEL
from chatops_runtime.contracts.request import EVENT, INTERACTION, short_id
from chatops_runtime.slack import mrkdwn

if TYPE_CHECKING:
    from chatops_runtime.contracts.request import CommandRequest


@dataclass(frozen=True)
class Command:
    """What a user typed, and the execution that came of it."""

    id: str
    execution_arn: str
    started_at: datetime
    request: CommandRequest

    @staticmethod
    def fields(event: dict[str, Any]) -> dict[str, Any]:
        """The arguments for this class in a function's `event`.

        Raises:
            ValueError: It is of another version than this code.
        """
        if event["version"] != contract.VERSION:
            raise ValueError(f"report of version {event['version']}: this code reads version {contract.VERSION}")
        return {
            "id": event["id"],
            "execution_arn": event["execution_arn"],
            "started_at": instant(event["started_at"]),
            "request": event["request"],
        }

    @property
    def visible(self) -> str:
        """Who sees the command and what becomes of it."""
        return self.request["visible"]

    @property
    def is_of_event(self) -> bool:
        """Whether nobody asked for anything: something happened."""
        return self.request.get("source") == EVENT

    @property
    def has_handler(self) -> bool:
        """Whether it is an event or an interaction, and not a command."""
        return self.request.get("source") in {EVENT, INTERACTION}

    @property
    def thread_ts(self) -> str:
        """Below which message it is answered; empty: below none."""
        return str(self.request.get("thread_ts") or "")

    @property
    def command(self) -> str:
        """The command as inline code."""
        return mrkdwn.code(self.request["command"])

    @property
    def shown_id(self) -> str:
        """The id to look it up by, as inline code."""
        return mrkdwn.code(short_id(self.id))

    @property
    def origin(self) -> str:
        """Who asked, if others see the message too, and the id to look it up by."""
        others_see = self.visible == VISIBLE_TO_CHANNEL and self.request["user_id"]
        asked = f"asked by {mrkdwn.user(self.request['user_id'])}, " if others_see else ""
        return f"({asked}id {self.shown_id})"


def instant(text: str) -> datetime:
    """The instant that Step Functions wrote: Python 3.10 does not read its Z."""
    return datetime.fromisoformat(text.replace("Z", "+00:00"))
