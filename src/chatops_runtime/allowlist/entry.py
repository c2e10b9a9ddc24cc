"""Who is let through from where, until when: an entry of the table, with a trace of what it was before.

An entry that was revoked stays for some minutes, with `expires_at` set to the moment, `ended_at` and `ended_by`; of a
range that was replaced, `previous` keeps until when it counted. From these traces the projection tells a range that
was in the IP sets rightly a moment ago from one that somebody else has put there.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from chatops_runtime.contracts import allowlist as contract
from chatops_runtime.contracts.ip_ranges import MAXIMUM, parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chatops_runtime.contracts.ip_ranges import Network

TRACE_SECONDS = 300
"""For so long at least an entry that has ended stays, and the range that it had before."""

KEPT_PREVIOUS = 10
"""Ranges that an entry had before; more within the time are nobody's ordinary use."""

SLACK = "slack"
IAM = "iam"
SECRET = "secret"  # noqa: S105 - a kind of owner
RANGE = "range"


@dataclass(frozen=True)
class Owner:
    """Whose entry it is.

    Attributes:
        id: Such as `slack:U012AB3CD`; the only thing that tells owners apart.
        name: For people.
    """

    id: str
    name: str

    @classmethod
    def of(cls, kind: str, id: str, name: str) -> Owner:
        """The owner of a kind, such as `SLACK`."""
        return cls(f"{kind}:{id}", name)


@dataclass(frozen=True)
class Entry:
    """One owner's range of one family; see `chatops_runtime.contracts.allowlist`."""

    owner: Owner
    network: Network
    note: str
    by: str
    registered_at: int
    expires_at: int
    ended_at: int | None = None
    ended_by: str = ""
    previous: Mapping[str, int] = field(default_factory=dict)

    @property
    def family(self) -> int:
        """4 or 6."""
        return self.network.version

    @property
    def id(self) -> str:
        """The sort key."""
        return key(self.owner.id, self.family)

    def counts(self, now: float) -> bool:
        """Whether it lets anybody through at `now`."""
        return self.expires_at > now

    def replaced_by(self, new: Entry) -> Entry:
        """`new` with what is to be kept of this one."""
        now = new.registered_at
        if self.network == new.network and self.counts(now):
            return dataclasses.replace(new, registered_at=self.registered_at, previous=_lately(self.previous, now))
        ended = {**self.previous, str(self.network): min(self.expires_at, now)}
        return dataclasses.replace(new, previous=_lately(ended, now))

    def ended(self, now: int, by: str) -> Entry:
        """It, revoked."""
        return dataclasses.replace(self, expires_at=min(self.expires_at, now), ended_at=now, ended_by=by)

    def touched(self, since: float, now: float) -> set[Network]:
        """The ranges that came or went by this entry between `since` and `now`."""
        ranges = {_network(cidr) for cidr, ended_at in self.previous.items() if ended_at >= since}
        if self.registered_at >= since or since <= self.expires_at <= now:
            ranges.add(self.network)
        return ranges

    def to_item(self) -> dict[str, Any]:
        """As the table has it."""
        item: dict[str, Any] = {
            contract.KIND: contract.ENTRY,
            contract.ID: self.id,
            "owner": self.owner.id,
            "name": self.owner.name,
            "family": self.family,
            "cidr": str(self.network),
            "note": self.note,
            "by": self.by,
            "registered_at": self.registered_at,
            "expires_at": self.expires_at,
        }
        if self.ended_at is not None:
            item.update(ended_at=self.ended_at, ended_by=self.ended_by)
        if self.previous:
            item["previous"] = dict(self.previous)
        return item

    @classmethod
    def from_item(cls, item: Mapping[str, Any]) -> Entry:
        """From the table."""
        return cls(
            owner=Owner(item["owner"], item["name"]),
            network=_network(item["cidr"]),
            note=item["note"],
            by=item["by"],
            registered_at=int(item["registered_at"]),
            expires_at=int(item["expires_at"]),
            ended_at=int(item["ended_at"]) if "ended_at" in item else None,
            ended_by=item.get("ended_by", ""),
            previous={cidr: int(ended_at) for cidr, ended_at in item.get("previous", {}).items()},
        )


def readable(items: Iterable[Mapping[str, Any]]) -> tuple[list[Entry], list[str]]:
    """The entries, and the ids of items that are none: whoever wrote one by hand shall not stop all others."""
    entries, unreadable = [], []
    for item in items:
        entry = _entry(item)
        if entry is None:
            unreadable.append(str(item[contract.ID]))
        else:
            entries.append(entry)
    return entries, unreadable


# The projection reads the same ranges each minute, twice, and there may be 10,000 of each family.
_network = lru_cache(maxsize=2 * MAXIMUM)(parse)


def _entry(item: Mapping[str, Any]) -> Entry | None:
    try:
        return Entry.from_item(item)
    except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError):
        return None


def key(owner_id: str, family: int) -> str:
    """The sort key of an owner's entry of a family."""
    return f"{owner_id}#{family}"


def _lately(previous: Mapping[str, int], now: int) -> dict[str, int]:
    """Those that have not been over for long, the latest ones."""
    lately = [(ended_at, cidr) for cidr, ended_at in previous.items() if now - ended_at < TRACE_SECONDS]
    return {cidr: ended_at for ended_at, cidr in sorted(lately)[-KEPT_PREVIOUS:]}
