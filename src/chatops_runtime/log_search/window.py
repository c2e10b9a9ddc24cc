"""From when until when is searched."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_MILLISECOND = timedelta(milliseconds=1)
_DEFAULT_SINCE = "-10800"

AROUND = 15 * 60 * 1000
"""Milliseconds before the first and after the last line found, in which other lines of the same transaction are."""


@dataclass(frozen=True)
class Window:
    """Milliseconds since 1970, both included, as CloudWatch Logs counts them."""

    since: int
    until: int

    @classmethod
    def typed(cls, arguments: Mapping[str, str], started_at: str, now: datetime) -> Window:
        """What a user typed.

        Args:
            arguments: Of `chatops_runtime.contracts.log_search`.
            started_at: When the command was typed: what "3h ago" is counted from.
            now: Until when without an argument: lines come while the search is on its way.
        """
        typed_at = _instant(started_at)
        until = arguments.get("until")
        return cls(
            _milliseconds(_moment(arguments.get("since") or _DEFAULT_SINCE, typed_at)),
            _milliseconds(_moment(until, typed_at) if until else max(now, typed_at)),
        )

    @property
    def is_empty(self) -> bool:
        """Whether it ends before it begins."""
        return self.since > self.until

    @property
    def milliseconds(self) -> int:
        """How long it is."""
        return self.until - self.since

    def around(self, first: int, last: int) -> Window:
        """As much of it as is near to what happened from `first` until `last`."""
        return Window(max(self.since, first - AROUND), min(self.until, last + AROUND))


def _moment(value: str, typed_at: datetime) -> datetime:
    return typed_at - timedelta(seconds=int(value[1:])) if value.startswith("-") else _instant(value)


def _instant(text: str) -> datetime:
    # Python 3.10 does not read a Z.
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def _milliseconds(moment: datetime) -> int:
    return max((moment - _EPOCH) // _MILLISECOND, 0)
