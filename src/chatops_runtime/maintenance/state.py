"""What is known of the switch: pure values, and what becomes of them."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass, field
from typing import Any

KEPT_CHANGES = 10
KEPT_IDLE = 10


@dataclass(frozen=True)
class Change:
    """One switching.

    Attributes:
        id: The request's id: a request that comes again is known by it.
        on: Whether it closed the site.
        at: When, in seconds of Unix time.
        by: Who: a Slack user's id after `@`, or what a caller or a window calls itself.
        until: When it ends by itself; None: it does not.
        reason: Why; empty without one.
        since: Since when it is so: earlier than `at` if the site was closed before as well.
    """

    id: str
    on: bool
    at: int
    by: str
    until: int | None = None
    reason: str = ""
    since: int | None = None


@dataclass(frozen=True)
class State:
    """The switch as it is stored.

    Attributes:
        version: Of the item; 0: nothing is stored yet.
        changes: The last ones, the latest first.
        windows: By planned window, the time of its last beginning that was heeded.
        applied: The id of the change that the IP sets are known to have followed; empty: of none.
        healed_at: When the IP sets were last found otherwise than they should be, and put right; None: never.
        idle: The ids of the last requests that were heeded and changed nothing, the latest first.
    """

    version: int = 0
    changes: tuple[Change, ...] = ()
    windows: dict[str, str] = field(default_factory=dict)
    applied: str = ""
    healed_at: int | None = None
    idle: tuple[str, ...] = ()

    @property
    def last(self) -> Change | None:
        """The latest change, if there was one."""
        return self.changes[0] if self.changes else None

    def closing(self, now: float) -> Change | None:
        """The change that keeps the site closed at `now`; None: it is open."""
        last = self.last
        return last if last is not None and last.on and (last.until is None or now < last.until) else None

    def closed(self, now: float) -> bool:
        """Whether the site should be closed at `now`: what the IP sets follow."""
        return self.closing(now) is not None

    @property
    def followed(self) -> bool:
        """Whether the IP sets have followed the latest change, so that nothing but a reset can make them differ."""
        return self.applied == (self.last.id if self.last else "")

    def knows(self, id: str) -> bool:
        """Whether the request was heeded already."""
        return id in self.idle or self.was_changed_by(id)

    def was_changed_by(self, id: str) -> bool:
        """Whether the request changed anything."""
        return any(change.id == id for change in self.changes)

    def with_idle(self, id: str) -> State:
        """After a request that changed nothing: a redelivery of it must change nothing later either."""
        return dataclasses.replace(self, idle=(id, *self.idle)[:KEPT_IDLE])

    def with_change(self, change: Change, now: float) -> State:
        """After `change`."""
        closing = self.closing(now)
        since = closing.since if change.on and closing is not None else change.at
        changes = (dataclasses.replace(change, since=since), *self.changes)
        return dataclasses.replace(self, changes=changes[:KEPT_CHANGES])

    def to_text(self) -> str:
        """As the table has it; the version stands beside it."""
        fields = dataclasses.asdict(self)
        del fields["version"]
        return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_text(cls, version: int, text: str) -> State:
        """From the table."""
        fields: dict[str, Any] = json.loads(text)
        changes = tuple(Change(**change) for change in fields["changes"])
        return cls(version=version, **{**fields, "changes": changes, "idle": tuple(fields.get("idle", ()))})
