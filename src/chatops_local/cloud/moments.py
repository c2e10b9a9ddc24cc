"""Moments as people write them."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import tzinfo


def parsed(at: datetime | str) -> datetime:
    """A moment, or the ISO 8601 text of one.

    Raises:
        ValueError: The text is of another form.
    """
    if isinstance(at, datetime):
        return at
    try:
        # Python 3.10 does not know "Z".
        return datetime.fromisoformat(at.replace("Z", "+00:00"))
    except ValueError:
        raise ValueError(
            f"at {at!r}: a time such as 2026-11-22T02:00 (in the schedule's zone) or 2026-11-22T02:00Z is expected"
        ) from None


def in_utc(moment: datetime, zone: tzinfo) -> datetime:
    """`moment` in UTC; if it has no zone, it is one in `zone`."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(timezone.utc)
