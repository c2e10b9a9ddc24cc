"""Does what those ask who look after all entries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_runtime.allowlist import standing
from chatops_runtime.allowlist.entry import RANGE, Owner
from chatops_runtime.allowlist.orders import administration, target, telling
from chatops_runtime.allowlist.orders.error import OrderError

if TYPE_CHECKING:
    from chatops_runtime.allowlist.link import Links
    from chatops_runtime.allowlist.registrations import Registrations
    from chatops_runtime.allowlist.settings import Settings
    from chatops_runtime.allowlist.table import Table
    from chatops_runtime.order import Order


class AdministrationDesk:
    """For administrators."""

    def __init__(self, settings: Settings, table: Table, registrations: Registrations, links: Links) -> None:
        """With the table, which says how the IP sets are."""
        self._settings = settings
        self._table = table
        self._registrations = registrations
        self._links = links

    def answer(self, given: Order, *, deadline: float, facts: dict[str, Any]) -> str:
        """Do what was typed, and say so.

        Raises:
            OrderError: It is no order, or cannot be done.
            FullError: There is no room for what is to be added.
        """
        facts.update(by=given.by, id=given.id)
        order = administration.parse(given.text)
        facts.update(order=type(order).__name__)
        if isinstance(order, administration.Add):
            return self._add(order, given.by, deadline, facts)
        if isinstance(order, administration.Revoke):
            return self._revoke(order.whom, given.by, deadline, facts)
        return telling.everybody(self._registrations.all(), standing.read(self._table))

    def _add(self, order: administration.Add, by: str, deadline: float, facts: dict[str, Any]) -> str:
        cidr = str(order.network)
        (entry,) = self._registrations.register(
            Owner.of(RANGE, cidr, cidr),
            [order.network],
            by=by,
            note=order.note,
            seconds=self._settings.valid_seconds if order.seconds is None else order.seconds,
            deadline=deadline,
        )
        facts.update(owner=entry.owner.id, registered=[cidr], until=entry.expires_at)
        return telling.added(entry)

    def _revoke(self, whom: str, by: str, deadline: float, facts: dict[str, Any]) -> str:
        meant = target.meant(whom, self._registrations.all())
        # The links first: whoever uses one now finds it ended, or has registered before the entries are read again.
        for owner_id in meant.owner_ids:
            self._links.end_all_of(owner_id, deadline=deadline)
        if meant.owner_ids:
            meant = target.meant(whom, self._registrations.all())
        ended = self._registrations.revoke(meant.entries, by=by, deadline=deadline)
        facts.update(revoked=[f"{entry.owner.id} {entry.network}" for entry in ended])
        if ended:
            return telling.revoked(ended)
        if meant.owner_ids:
            return telling.NOTHING_BUT_LINKS
        raise OrderError("nothing like that is registered; list says what is")
