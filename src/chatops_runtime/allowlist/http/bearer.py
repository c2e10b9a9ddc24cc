"""For whoever has a token: that of a one-time link, or the shared secret."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NoReturn

from chatops_runtime.allowlist import ranges
from chatops_runtime.allowlist.entry import SECRET, Owner
from chatops_runtime.allowlist.http import words
from chatops_runtime.allowlist.http.request import Request, unauthorized
from chatops_runtime.allowlist.http.response import HttpError, answer
from chatops_runtime.allowlist.link import LinkUnusableError, is_token
from chatops_runtime.allowlist.registrations import RefusedAlongError
from chatops_runtime.contracts import allowlist as contract

if TYPE_CHECKING:
    from collections.abc import Callable

    from chatops_runtime.allowlist.link import Link, Links
    from chatops_runtime.allowlist.registrations import Registrations
    from chatops_runtime.allowlist.settings import Settings
    from chatops_runtime.allowlist.shared_secret import SharedSecret
    from chatops_runtime.contracts.ip_ranges import Network

REPEAT_SECONDS = 60
"""For so long a registration may be repeated from the same address: the answer to it may have been lost."""

_OWNER = re.compile(rf"[A-Za-z0-9][A-Za-z0-9._@+-]{{0,{contract.LONGEST_NAME - 1}}}", re.ASCII)


class ByBearer:
    """The three routes that want a bearer token."""

    def __init__(
        self,
        settings: Settings,
        registrations: Registrations,
        links: Links,
        secret: SharedSecret | None,
        now: Callable[[], float],
    ) -> None:
        """With the shared secret, if there is one, and a clock that says Unix time in seconds."""
        self._settings = settings
        self._registrations = registrations
        self._links = links
        self._secret = secret
        self._now = now

    def link(self, request: Request, deadline: float, facts: dict[str, Any]) -> dict[str, Any]:
        """Whose link it is, and until when it may be used."""
        del deadline
        link = self._usable_link(request, facts)
        return answer(
            {"name": link.owner.name, "expires_at": link.expires_at, "valid_for": self._settings.valid_seconds}
        )

    def seen(self, request: Request, deadline: float, facts: dict[str, Any]) -> dict[str, Any]:
        """Remember the caller's address for the link."""
        link = self._usable_link(request, facts)
        network = self._network(request)
        try:
            self._links.remember(link, network, deadline=deadline)
        except LinkUnusableError:
            self._refuse(self._links.reread(link))
        facts.update(cidr=str(network))
        return answer({"address": request.source, "family": network.version, "cidr": str(network)})

    def register(self, request: Request, deadline: float, facts: dict[str, Any]) -> dict[str, Any]:
        """Register the caller's address."""
        # A link first: it is of no concern to it whether there is a shared secret, and whether it can be read.
        link = self._links.of(request.bearer)
        if link is not None:
            return self._register_by_link(link, request, deadline, facts)
        if self._secret is not None and self._secret.is_it(request.bearer):
            return self._register_by_secret(request, deadline, facts)
        raise self._unknown(request)

    def _register_by_link(self, link: Link, request: Request, deadline: float, facts: dict[str, Any]) -> dict[str, Any]:
        facts.update(owner=link.owner.id)
        own = self._network(request)
        if not self._is_usable(link):
            return self._repeated(link, own, facts)
        networks = {**link.seen, own.version: own}.values()
        try:
            entries = self._registrations.register(
                link.owner,
                networks,
                by=f"{link.owner.name} (link)",
                note="",
                seconds=self._settings.valid_seconds,
                deadline=deadline,
                along=[link.used(networks, int(self._now()))],
            )
        except RefusedAlongError:
            return self._repeated(self._links.reread(link), own, facts)
        facts.update(registered=[str(entry.network) for entry in entries])
        return answer(words.registered(link.owner, entries))

    def _repeated(self, link: Link | None, own: Network, facts: dict[str, Any]) -> dict[str, Any]:
        """The same answer again to the same caller, in a while; an error to everybody else."""
        if link is None or link.used_at is None or str(own) not in link.used_for:
            self._refuse(link)
        if self._now() - link.used_at > REPEAT_SECONDS:
            used_for = " and ".join(sorted(link.used_for))
            raise HttpError(409, "link_used", f"{_used(link.used_at)}, for {used_for}; write /allow-me for a new one")
        entries = [entry for entry in self._registrations.of(link.owner) if str(entry.network) in link.used_for]
        if not entries:
            # They were revoked meanwhile.
            self._refuse(link)
        facts.update(outcome="repeated")
        return answer(words.registered(link.owner, entries))

    def _register_by_secret(self, request: Request, deadline: float, facts: dict[str, Any]) -> dict[str, Any]:
        fields = request.fields()
        name = fields.get("owner")
        if not isinstance(name, str) or not _OWNER.fullmatch(name):
            raise HttpError(
                400,
                "owner_refused",
                f"owner in the body is to say for whom it is: 1 to {contract.LONGEST_NAME} letters, digits, dots,"
                " underscores, at signs, plus and minus signs, beginning with a letter or a digit, such as"
                ' {"owner": "build-7"}',
            )
        owner = Owner.of(SECRET, name, name)
        entries = self._registrations.register(
            owner,
            [self._network(request)],
            by="the shared secret",
            note=words.note(fields),
            seconds=self._settings.valid_seconds,
            deadline=deadline,
        )
        facts.update(owner=owner.id, registered=[str(entry.network) for entry in entries])
        return answer(words.registered(owner, entries))

    def _usable_link(self, request: Request, facts: dict[str, Any]) -> Link:
        link = self._links.of(request.bearer)
        if link is None:
            raise self._unknown(request)
        facts.update(owner=link.owner.id)
        if not self._is_usable(link):
            self._refuse(link)
        return link

    def _is_usable(self, link: Link) -> bool:
        return link.used_at is None and link.expires_at > self._now()

    def _refuse(self, link: Link | None) -> NoReturn:
        """Say why the link is of no use any more. Not for which addresses it was used: the caller may be anybody."""
        if link is None:
            raise unauthorized("this link is not known", "link_unknown")
        if link.used_at is not None:
            raise HttpError(409, "link_used", f"{_used(link.used_at)}; write /allow-me for a new one")
        ended = words.moment(link.expires_at)
        raise HttpError(410, "link_expired", f"this link was good until {ended}; write /allow-me for a new one")

    def _unknown(self, request: Request) -> HttpError:
        if is_token(request.bearer):
            return unauthorized("this link is not known; write /allow-me for a new one", "link_unknown")
        return unauthorized("this token is none that may register")

    def _network(self, request: Request) -> Network:
        return ranges.of_caller(request.source, ipv6_prefix=self._settings.ipv6_prefix)


def _used(used_at: int) -> str:
    return f"this link was used at {words.moment(used_at)}"
