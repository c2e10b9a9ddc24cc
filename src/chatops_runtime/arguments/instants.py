"""Points in time as people write them: ISO 8601 with a zone, `2026-11-22T10:00Z` or `2026-11-22 19:00:30+09:00`."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

_SHAPE = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d))?(?:Z|([+-])(\d\d):?([0-5]\d))", re.ASCII | re.IGNORECASE
)


def utc(text: str) -> str | None:
    """`text` in UTC, to the second, such as `2026-11-22T10:00:00Z`; None if it is no point in time."""
    found = _SHAPE.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    sign, hours, minutes = found.groups()[6:]
    offset = timedelta(hours=int(hours), minutes=int(minutes)) if sign else timedelta()
    try:
        local = datetime(year, month, day, hour, minute, second, tzinfo=timezone(-offset if sign == "-" else offset))
        return f"{local.astimezone(timezone.utc).replace(tzinfo=None).isoformat()}Z"
    except (ValueError, OverflowError):  # the 30th of February, 99 hours from UTC, before the year 1
        return None
