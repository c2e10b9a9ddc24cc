"""What the page shows: entries that come and change, each with the number of its latest change."""

from __future__ import annotations

import itertools
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Entry:
    """One thing on the page, as it is now.

    Args:
        version: the number of its latest change.
        kind: what it is, such as `message`.
        key: which one.
        value: what is known of it.
        channel: in which conversation it is; `None` if in none.
        only: the one who sees it; `None` if everybody does who is in the conversation.
    """

    version: int
    kind: str
    key: str
    value: dict[str, Any]
    channel: str | None = None
    only: str | None = None

    def as_json(self) -> dict[str, Any]:
        """For the browser."""
        return {"kind": self.kind, "key": self.key, "value": self.value}


class Board:
    """The entries; safe to use from several threads."""

    def __init__(self) -> None:
        """Start empty."""
        self._changed = threading.Condition()
        self._entries: dict[tuple[str, str], Entry] = {}
        self._versions = itertools.count(1)
        self._latest = 0
        self._closed = False

    def put(
        self, kind: str, key: str, value: dict[str, Any], *, channel: str | None = None, only: str | None = None
    ) -> None:
        """Add an entry or change it; what is as it was is no change."""
        with self._changed:
            known = self._entries.get((kind, key))
            if known is not None and known.value == value:
                return
            self._latest = next(self._versions)
            self._entries[kind, key] = Entry(self._latest, kind, key, value, channel, only)
            self._changed.notify_all()

    def changes(self, since: int, sees: Callable[[Entry], bool] = lambda _: True) -> tuple[int, list[Entry]]:
        """The number of the latest change, and what has changed since another, in order."""
        with self._changed:
            changed = [entry for entry in self._entries.values() if entry.version > since and sees(entry)]
            return self._latest, sorted(changed, key=lambda entry: entry.version)

    def wait(self, since: int, seconds: float) -> bool:
        """Wait for a change; whether there is one."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._latest > since, seconds)
            return self._latest > since

    @property
    def closed(self) -> bool:
        """Whether nobody is to wait any more."""
        return self._closed

    def close(self) -> None:
        """Wake all who wait."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
