"""A request as AWS WAF sees it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

if TYPE_CHECKING:
    from chatops_local.edge.addresses import Address


@dataclass(frozen=True)
class WebRequest:
    """One request of a viewer.

    Args:
        source: where it comes from: the other end of the connection, whatever its headers say.
        method: ``GET`` and so on.
        path: the path of the URI as it was sent, not decoded.
        query: what follows the question mark, as it was sent.
        headers: names in small letters, and values, in the order of the request.
        body: all of it.
    """

    source: Address
    method: str = "GET"
    path: str = "/"
    query: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """The value of a header, several joined as by a proxy; ``None`` if the request does not have it."""
        values = [value for found, value in self.headers if found == name.lower()]
        return ", ".join(values) if values else None

    def query_arguments(self) -> list[tuple[str, str]]:
        """The arguments of the query, decoded."""
        return parse_qsl(self.query, keep_blank_values=True)
