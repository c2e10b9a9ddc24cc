"""Does what people ask for their own entries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_runtime.allowlist.orders import own, telling

if TYPE_CHECKING:
    from collections.abc import Callable

    from chatops_runtime.allowlist.invocation import Own
    from chatops_runtime.allowlist.link import Links
    from chatops_runtime.allowlist.registrations import Registrations
    from chatops_runtime.allowlist.settings import Settings


class OwnDesk:
    """For everybody who may use the command."""

    def __init__(
        self, settings: Settings, registrations: Registrations, links: Links, now: Callable[[], float]
    ) -> None:
        """With a clock that says Unix time in seconds."""
        self._settings = settings
        self._registrations = registrations
        self._links = links
        self._now = now

    def answer(self, given: Own, *, deadline: float, facts: dict[str, Any]) -> str:
        """Do what was typed, and say so.

        Raises:
            OrderError: It is no order.
        """
        facts.update(owner=given.who.id, id=given.id)
        order = own.parse(given.text)
        facts.update(order=type(order).__name__)
        if isinstance(order, own.MakeLink):
            return self._link(given, deadline)
        entries = self._registrations.of(given.who)
        if isinstance(order, own.ListOwn):
            return telling.own(entries)
        chosen = [entry for entry in entries if entry.family in order.families]
        ended = self._registrations.revoke(chosen, by=given.who.name, deadline=deadline)
        facts.update(revoked=[str(entry.network) for entry in ended])
        return telling.revoked(ended) if ended else telling.NOTHING_OWN

    def _link(self, given: Own, deadline: float) -> str:
        token, expires_at = self._links.make(given.who, seconds=self._settings.link_seconds, deadline=deadline)
        # In the fragment, which no browser sends: not to us, and not to whoever fetches the link for a preview.
        url = f"{self._settings.url}/#{token}"
        return telling.link(url, expires_at, self._now(), self._settings.valid_seconds)
