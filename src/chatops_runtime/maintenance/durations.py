"""How long, as people write it: `30m`, `1h30m`, `90 minutes`, `2時間`."""

from __future__ import annotations

import re
import unicodedata

_HOURS = r"(?P<hours>\d{1,4})\s*(?:hours?|hrs?|h|時間)\s*"
_MINUTES = r"(?P<minutes>\d{1,4})\s*(?:minutes?|mins?|m|分間?)"
# After a unit comes a blank or the end, but in Japanese, which has no blanks.
_DURATION = re.compile(rf"(?:{_HOURS})?(?:{_MINUTES})?(?:(?<=[分間])|(?<=\w)(?=\s|$))", re.IGNORECASE)
_HOUR = 3600
_MINUTE = 60


def leading(text: str) -> tuple[int, str] | None:
    """The duration that `text` begins with, in seconds, and what follows it; None if it begins with none."""
    # Full-width digits, as Japanese keyboards write them, are digits too.
    plain = unicodedata.normalize("NFKC", text).lstrip()
    found = _DURATION.match(plain)
    if found is None:
        return None
    hours, minutes = (int(found[name] or 0) for name in ("hours", "minutes"))
    return hours * _HOUR + minutes * _MINUTE, plain[found.end() :].strip()


def spelled(seconds: float) -> str:
    """Hours and minutes, rounded up to whole minutes: `1h30m`, `30m`, `2h`."""
    minutes = max(1, -int(-seconds // _MINUTE))
    hours, rest = divmod(minutes, 60)
    return f"{hours}h{rest}m" if hours and rest else f"{hours}h" if hours else f"{rest}m"
