"""Brings the IP sets in line with the entries, and finds out whether somebody else had changed the sets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatops_runtime.allowlist.entry import Entry, readable
from chatops_runtime.contracts import allowlist as contract
from chatops_runtime.contracts.ip_ranges import of_family, parse, without_contained

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from chatops_runtime.allowlist.standing import Standing
    from chatops_runtime.allowlist.table import Table
    from chatops_runtime.contracts.ip_ranges import Network
    from chatops_runtime.ip_sets.pair import IpSetPair, PairReconciled

SETTLING_SECONDS = 30
"""An entry may be written so long after the time that it bears: no request to the registrar takes longer."""


@dataclass(frozen=True)
class Snapshot:
    """The entries as they were read.

    Attributes:
        at: Before they were read, in seconds of Unix time.
        entries: All of them, also those that count no more.
        unreadable: The ids of items that are none.
    """

    at: float
    entries: list[Entry]
    unreadable: list[str]

    @property
    def networks(self) -> list[Network]:
        """What the IP sets should hold."""
        return [entry.network for entry in self.entries if entry.counts(self.at)]

    @property
    def fuller(self) -> int:
        """How many ranges the fuller one of the two sets should hold."""
        return max(len(without_contained(of_family(self.networks, family))) for family in (4, 6))

    def of(self, family: int) -> int:
        """How many items there are of a family."""
        ids = [*(entry.id for entry in self.entries), *self.unreadable]
        return sum(id.endswith(f"#{family}") for id in ids)


class Follower:
    """Follows once.

    Attributes:
        began_at: Unix time in seconds. What was written before is in the sets once they are in line.
        last: The entries as they were last read, None before they were.
    """

    def __init__(self, table: Table, pair: IpSetPair, now: Callable[[], float]) -> None:
        """With a clock that says Unix time in seconds."""
        self._table = table
        self._pair = pair
        self._now = now
        self.began_at = int(now())
        self.last: Snapshot | None = None
        self._throughout: set[Network] | None = None

    def follow(self, *, deadline: float) -> tuple[PairReconciled, Snapshot]:
        """Bring the sets in line; what became of them, and the entries that they are in line with.

        Raises:
            PairBehindError: AWS WAF did not take it in time.
            Exception: AWS refused.
        """
        result = self._pair.reconcile(self._truth, deadline=deadline)
        if self.last is None:
            raise AssertionError("a reconciliation reads the entries")
        return result, self.last

    @property
    def fresh(self) -> list[str]:
        """Ranges just registered that are in the sets for sure: they counted each time that the entries were read."""
        if self.last is None or self._throughout is None:
            return []
        settling = (entry for entry in self.last.entries if entry.registered_at >= self.began_at - SETTLING_SECONDS)
        return sorted({str(entry.network) for entry in settling if entry.network in self._throughout})

    def _truth(self) -> list[Network]:
        at = self._now()
        self.last = Snapshot(at, *readable(self._table.all(contract.ENTRY)))
        networks = self.last.networks
        self._throughout = set(networks) & (set(networks) if self._throughout is None else self._throughout)
        return networks


def unexplained(result: PairReconciled, snapshot: Snapshot, before: Standing) -> list[str]:
    """What somebody else had changed: what no entry explains that has come or gone since the sets were in line.

    Args:
        result: What was changed.
        snapshot: The entries.
        before: As of when the sets were last in line. If they never were, nothing was changed since.

    Returns:
        Ranges, with `+` before those that were missing, and `-` before those that were too many.
    """
    if before.in_line_at is None:
        return []
    since = before.in_line_at - SETTLING_SECONDS
    touched = {network for entry in snapshot.entries for network in entry.touched(since, snapshot.at)}
    touched -= _settled(snapshot, before.in_line_at, frozenset(before.fresh))
    lengths = {network.prefixlen for network in touched}
    changes = [("+", text) for one in (result.ipv4, result.ipv6) for text in one.added]
    changes += [("-", text) for one in (result.ipv4, result.ipv6) for text in one.removed]
    return [f"{sign}{text}" for sign, text in changes if not _within(parse(text), touched, lengths)]


def _settled(snapshot: Snapshot, in_line_at: int, fresh: frozenset[str]) -> set[Network]:
    """Ranges that had just been registered when the sets were in line, were in them, and should be in them still."""
    return {
        entry.network
        for entry in snapshot.entries
        if entry.registered_at <= in_line_at and entry.counts(snapshot.at) and str(entry.network) in fresh
    }


def _within(network: Network, touched: set[Network], lengths: Iterable[int]) -> bool:
    """Whether a range is one of `touched` or within one, since an IP set has no range within another.

    Thus a range comes back when the wider one goes, and goes when that one comes.
    """
    wider = (network.supernet(new_prefix=length) for length in lengths if length <= network.prefixlen)
    return any(one in touched for one in wider)
