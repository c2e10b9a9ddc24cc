"""Registers, lists and revokes: what the registrar does with the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_runtime.allowlist import counts
from chatops_runtime.allowlist.actions import Action, put
from chatops_runtime.allowlist.entry import Entry, Owner, key, readable
from chatops_runtime.allowlist.table import BusyError, ConditionsFailedError
from chatops_runtime.contracts import allowlist as contract
from chatops_runtime.contracts.ip_ranges import MAXIMUM
from chatops_runtime.log_line import LoggableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from chatops_runtime.allowlist.table import Table
    from chatops_runtime.contracts.ip_ranges import Network


class FullError(LoggableError):
    """There are as many entries of a family as an IP set holds."""

    def __init__(self, family: int) -> None:
        """Of the family, 4 or 6."""
        super().__init__(
            f"the allow-list is full: it has {MAXIMUM} entries of IPv{family}, as many as an IP set holds. Somebody who"
            " looks after it has to revoke some, or add one wider range instead of many; room is made some minutes"
            " after an entry was revoked or has expired"
        )


class RefusedAlongError(Exception):
    """The condition of what was to be written along with the entries does not hold. Nothing was written."""


class Registrations:
    """The entries of the table."""

    def __init__(self, table: Table, now: Callable[[], float]) -> None:
        """With a clock that says Unix time in seconds."""
        self._table = table
        self._now = now

    def of(self, owner: Owner) -> list[Entry]:
        """The owner's entries that count, IPv4 first."""
        found = (self._stored(owner, family) for family in counts.FAMILIES)
        return [entry for entry in found if entry is not None and entry.counts(self._now())]

    def all(self) -> list[Entry]:
        """All entries that count, in the order of their owners. What cannot be read the projection tells of."""
        entries, _ = readable(self._table.all(contract.ENTRY))
        return [entry for entry in entries if entry.counts(self._now())]

    def register(
        self,
        owner: Owner,
        networks: Iterable[Network],
        *,
        by: str,
        note: str,
        seconds: int,
        deadline: float,
        along: Sequence[Action] = (),
    ) -> list[Entry]:
        """Register ranges, at most one of a family, in place of those that the owner had.

        Args:
            owner: Whose they are.
            networks: The ranges.
            by: Who registers them.
            note: A text.
            seconds: For how long from now.
            deadline: Unix time in seconds, until which others who write are waited for.
            along: What is written at the same time or not at all, with its own condition.

        Raises:
            FullError: There are as many entries as an IP set holds.
            RefusedAlongError: A condition of `along` does not hold.
            BusyError: The time was up.
        """
        ranges = sorted(networks, key=lambda network: network.version)
        while True:
            now = int(self._now())
            entries = [Entry(owner, network, note, by, now, now + seconds) for network in ranges]
            before = [self._stored(owner, entry.family) for entry in entries]
            new = [_replacing(old, entry) for old, entry in zip(before, entries, strict=True)]
            puts = [_put(old, entry) for old, entry in zip(before, new, strict=True)]
            families = [entry.family for old, entry in zip(before, new, strict=True) if old is None]
            actions = [*puts, *along, *map(counts.one_more, families)]
            try:
                self._table.write(*actions, deadline=deadline)
            except ConditionsFailedError as error:
                self._look(error, len(puts), len(along), families, deadline)
            else:
                return new

    def revoke(self, entries: Iterable[Entry], *, by: str, deadline: float) -> list[Entry]:
        """End entries at once. One that was renewed since it was read is ended too; one whose range changed is not.

        Args:
            entries: As they were read.
            by: Who revokes them.
            deadline: Unix time in seconds.

        Returns:
            Those that were ended.
        """
        return [entry for entry in entries if self._end(entry, by, deadline)]

    def _end(self, given: Entry, by: str, deadline: float) -> bool:
        while True:
            now = int(self._now())
            entry = self._stored(given.owner, given.family)
            if entry is None or entry.network != given.network or not entry.counts(now):
                return False
            try:
                self._table.write(_put(entry, entry.ended(now, by)), deadline=deadline)
            except ConditionsFailedError:
                self._stop_at(deadline)
            else:
                return True

    def _look(self, error: ConditionsFailedError, puts: int, along: int, families: list[int], deadline: float) -> None:
        """Raise what the conditions say, or come back for another try."""
        if any(puts <= number < puts + along for number in error.which):
            raise RefusedAlongError from None
        if min(error.which) >= puts:
            raise FullError(families[min(error.which) - puts - along]) from None
        # Somebody registered for the same owner in between.
        self._stop_at(deadline)

    def _stop_at(self, deadline: float) -> None:
        if self._now() >= deadline:
            raise BusyError("somebody else changed the same entry, each time until the deadline")

    def _stored(self, owner: Owner, family: int) -> Entry | None:
        item = self._table.get(contract.ENTRY, key(owner.id, family))
        return None if item is None else Entry.from_item(item)


def _replacing(old: Entry | None, new: Entry) -> Entry:
    return new if old is None else old.replaced_by(new)


def _put(old: Entry | None, new: Entry) -> Action:
    if old is None:
        return put(new.to_item(), "attribute_not_exists(#id)")
    condition, values = unchanged(old)
    return put(new.to_item(), condition, **values)


def unchanged(entry: Entry) -> tuple[str, dict[str, object]]:
    """The condition that an entry is as it was read, with its values."""
    condition = "#cidr = :cidr AND #expires_at = :expires_at"
    return condition, {"cidr": str(entry.network), "expires_at": entry.expires_at}
