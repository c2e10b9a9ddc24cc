"""How long, as people write it: `30m`, `1h30m`, `90 minutes`, `2時間`, `30 days`."""

from __future__ import annotations

import re
import unicodedata

_DAYS = r"(?P<days>\d{1,3})\s*(?:days?|d|日間?)\s*"
_HOURS = r"(?P<hours>\d{1,4})\s*(?:hours?|hrs?|h|時間)\s*"
_MINUTES = r"(?P<minutes>\d{1,4})\s*(?:minutes?|mins?|m|分間?)"
# After a unit comes a blank or the end, but in Japanese, which has no blanks.
_DURATION = re.compile(rf"(?:{_DAYS})?(?:{_HOURS})?(?:{_MINUTES})?(?:(?<=[分間日])|(?<=\w)(?=\s|$))", re.IGNORECASE)
_DAY = 86_400
_HOUR = 3600
_MINUTE = 60


def leading(text: str) -> tuple[int, str] | None:
    """The duration that `text` begins with, in seconds, and what follows it; None if it begins with none."""
    # Full-width digits, as Japanese keyboards write them, are digits too.
    plain = unicodedata.normalize("NFKC", text).lstrip()
    found = _DURATION.match(plain)
    if found is None:
        return None
    days, hours, minutes = (int(found[name] or 0) for name in ("days", "hours", "minutes"))
    return days * _DAY + hours * _HOUR + minutes * _MINUTE, plain[found.end() :].strip()


def spelled(seconds: float) -> str:
    """Hours and minutes, rounded up to whole minutes: `1h30m`, `30m`, `2h`; whole days from the second on: `30d`."""
    minutes = max(1, -int(-seconds // _MINUTE))
    days, rest = divmod(minutes * _MINUTE, _DAY)
    if days > 1 and not rest:
        return f"{days}d"
    hours, rest = divmod(minutes, 60)
    return f"{hours}h{rest}m" if hours and rest else f"{hours}h" if hours else f"{rest}m"
