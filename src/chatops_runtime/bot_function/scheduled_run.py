"""What the function of a scheduled bot receives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any
from zoneinfo import ZoneInfo

# A Monday, so that what speaks on weekdays only does.
_MONDAY = datetime(2026, 1, 5, 9, 0, tzinfo=timezone.utc)


@dataclass(frozen=True)
class ScheduledRun:
    """A scheduled time has come, or somebody has started the bot by hand.

    Attributes:
        bot: The bot's construct path.
        scheduled_at: The scheduled time, in UTC, or None when it was started by hand.
        started_at: When this run began, in UTC.
        time_zone: The schedule's time zone, by its name: `Asia/Tokyo`, `Etc/UTC`.
        channel_id: The channel in which the answer is posted.
        request_id: The name of the execution. A scheduled time that is delivered twice has the same one, so it serves
            as a key for doing things once.
    """

    bot: str
    scheduled_at: datetime | None
    started_at: datetime
    time_zone: str
    channel_id: str
    request_id: str

    @property
    def local_time(self) -> datetime:
        """The scheduled time on the clocks of `time_zone`; started by hand, the time at which it was."""
        # Lambda's runtimes have the time zones: https://github.com/aws/aws-lambda-dotnet/issues/1620
        return (self.scheduled_at or self.started_at).astimezone(ZoneInfo(self.time_zone))

    @classmethod
    def for_test(
        cls,
        scheduled_at: datetime | None = _MONDAY,
        *,
        bot: str = "Test/Bot",
        started_at: datetime | None = None,
        time_zone: str = "Etc/UTC",
        channel_id: str = "C0TEST",
        request_id: str = "at-2026-01-05T090000Z",
    ) -> ScheduledRun:
        """A run for the tests of a function: `remind(ScheduledRun.for_test(time_zone="Asia/Tokyo"))`.

        Args:
            scheduled_at: With a time zone of any kind. Default: a Monday, 09:00 UTC.
            bot: As the attribute.
            started_at: With a time zone of any kind. Default: `scheduled_at`, or that Monday without one.
            time_zone: As the attribute.
            channel_id: As the attribute.
            request_id: As the attribute.

        Raises:
            ValueError: A time has no time zone.
        """
        for name, value in (("scheduled_at", scheduled_at), ("started_at", started_at)):
            if value is not None and value.tzinfo is None:
                raise ValueError(f"ScheduledRun.for_test: {name} is {value!r} without a time zone: give it tzinfo=…")
        began = started_at or scheduled_at or _MONDAY
        return cls(
            bot=bot,
            scheduled_at=None if scheduled_at is None else scheduled_at.astimezone(timezone.utc),
            started_at=began.astimezone(timezone.utc),
            time_zone=time_zone,
            channel_id=channel_id,
            request_id=request_id,
        )


def from_event(event: dict[str, Any]) -> ScheduledRun:
    """The run in an event of the kind `scheduled`: `chatops_runtime.contracts.bot`."""
    return ScheduledRun(
        bot=event["bot"],
        scheduled_at=_instant(event["scheduled_at"]) if event["scheduled_at"] else None,
        started_at=_instant(event["started_at"]),
        time_zone=event["time_zone"],
        channel_id=event["channel_id"],
        request_id=event["request_id"],
    )


def _instant(text: str) -> datetime:
    """Python 3.10 does not read the Z of a time."""
    return datetime.fromisoformat(text.replace("Z", "+00:00"))
