"""One-time links: whoever has one may register the addresses of its owner once.

The table has only the SHA-256 of a link's token, so that nobody who reads the table can use a link.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chatops_runtime.allowlist.actions import Action, put, update
from chatops_runtime.allowlist.entry import Owner
from chatops_runtime.allowlist.table import ConditionsFailedError
from chatops_runtime.contracts import allowlist as contract
from chatops_runtime.contracts.ip_ranges import parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from chatops_runtime.allowlist.table import Table
    from chatops_runtime.contracts.ip_ranges import Network

TOKEN_BYTES = 32
KEPT_SECONDS = 86_400
"""After its end a link is still known for so long, so that whoever opens it is told what became of it."""

USABLE = "attribute_not_exists(#used_at) AND #expires_at > :now"

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


class LinkUnusableError(Exception):
    """The link was used, or is too old."""


@dataclass(frozen=True)
class Link:
    """A link as it is stored.

    Attributes:
        id: The SHA-256 of its token.
        owner: Of whom it registers.
        expires_at: Unix time in seconds.
        seen: By family, the range that its holder was seen under by the other host.
        used_at: When it was used, None: it was not.
        used_for: The ranges that it was used for.
    """

    id: str
    owner: Owner
    expires_at: int
    seen: Mapping[int, Network]
    used_at: int | None
    used_for: frozenset[str]

    @classmethod
    def from_item(cls, item: Mapping[str, Any]) -> Link:
        """From the table."""
        return cls(
            id=item[contract.ID],
            owner=Owner(item["owner"], item["name"]),
            expires_at=int(item["expires_at"]),
            seen={int(family): parse(cidr) for family, cidr in item["seen"].items()},
            used_at=int(item["used_at"]) if "used_at" in item else None,
            used_for=frozenset(item.get("used_for", ())),
        )

    def used(self, networks: Iterable[Network], now: int) -> Action:
        """That it is used up, unless it was or is too old."""
        return update(
            contract.LINK,
            self.id,
            "SET #used_at = :now, #used_for = :used_for",
            USABLE,
            now=now,
            used_for=[str(network) for network in networks],
        )


class Links:
    """The links of the table."""

    def __init__(self, table: Table, now: Callable[[], float]) -> None:
        """With a clock that says Unix time in seconds."""
        self._table = table
        self._now = now

    def make(self, owner: Owner, *, seconds: int, deadline: float) -> tuple[str, int]:
        """The token of a new link, and until when it may be used."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        expires_at = int(self._now()) + seconds
        item = {
            contract.KIND: contract.LINK,
            contract.ID: _digest(token),
            "owner": owner.id,
            "name": owner.name,
            "expires_at": expires_at,
            "seen": {},
            contract.DELETE_AT: expires_at + KEPT_SECONDS,
        }
        self._table.write(put(item, "attribute_not_exists(#id)"), deadline=deadline)
        return token, expires_at

    def of(self, token: str) -> Link | None:
        """The link of a token, None if there is none."""
        if not is_token(token):
            return None
        return self._stored(_digest(token))

    def reread(self, link: Link) -> Link | None:
        """It, as it is stored now."""
        return self._stored(link.id)

    def remember(self, link: Link, network: Network, *, deadline: float) -> None:
        """Note that the holder was seen under a range.

        Raises:
            LinkUnusableError: The link was used or is too old.
        """
        try:
            self._table.write(
                update(
                    contract.LINK,
                    link.id,
                    f"SET #seen.#{network.version} = :cidr",
                    USABLE,
                    cidr=str(network),
                    now=int(self._now()),
                ),
                deadline=deadline,
            )
        except ConditionsFailedError:
            raise LinkUnusableError from None

    def end_all_of(self, owner_id: str, *, deadline: float) -> None:
        """Let nobody use the owner's links any more."""
        now = int(self._now())
        for item in self._table.all(contract.LINK):
            if item["owner"] == owner_id and int(item["expires_at"]) > now:
                ended = update(
                    contract.LINK, item[contract.ID], "SET #expires_at = :now", "#expires_at > :now", now=now
                )
                try:
                    self._table.write(ended, deadline=deadline)
                except ConditionsFailedError:
                    continue  # it was used just now, or has ended

    def _stored(self, id: str) -> Link | None:
        item = self._table.get(contract.LINK, id)
        return None if item is None else Link.from_item(item)


def is_token(text: str) -> bool:
    """Whether it looks like a link's token."""
    return _TOKEN.fullmatch(text) is not None


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
