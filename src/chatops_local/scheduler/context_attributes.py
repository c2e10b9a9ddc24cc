"""The words in a target's input that Scheduler replaces, and the input of a target that has none.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True)
class ContextAttributes:
    """One attempt to invoke a target.

    Args:
        schedule_arn: the schedule.
        scheduled_time: when it was due, in UTC.
        attempt_number: 1 for the first attempt.
        execution_id: "the unique ID that EventBridge Scheduler assigns for each attempted invocation of a target": we
            take it by the word, a new one for each attempt, so that nothing here can rely on more.
    """

    schedule_arn: str
    scheduled_time: datetime
    attempt_number: int
    execution_id: str = field(default_factory=lambda: secrets.token_hex(8))

    @property
    def time_text(self) -> str:
        """The scheduled time as Scheduler writes it, `2022-03-22T18:59:43Z`."""
        return f"{self.scheduled_time:%Y-%m-%dT%H:%M:%SZ}"

    def fill_in(self, text: str) -> str:
        """`text` with the attributes in it replaced."""
        for name, value in (
            ("schedule-arn", self.schedule_arn),
            ("scheduled-time", self.time_text),
            ("execution-id", self.execution_id),
            ("attempt-number", str(self.attempt_number)),
        ):
            text = text.replace(f"<aws.scheduler.{name}>", value)
        return text

    def default_input(self) -> str:
        """What a target gets that was configured without an input."""
        _, _, _, region, account, _ = self.schedule_arn.split(":", 5)
        return json.dumps(
            {
                "version": "0",
                "id": self.execution_id,
                "detail-type": "Scheduled Event",
                "source": "aws.scheduler",
                "account": account,
                "time": self.time_text,
                "region": region,
                "resources": [self.schedule_arn],
                "detail": "{}",
            }
        )
