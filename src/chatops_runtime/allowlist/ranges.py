"""Which ranges may be registered."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chatops_runtime.contracts import allowlist as contract
from chatops_runtime.contracts.ip_ranges import (
    DOCUMENTATION,
    IpRangeError,
    check_public,
    check_width,
    kind_of,
    network_of,
    parse,
)

if TYPE_CHECKING:
    from chatops_runtime.contracts.ip_ranges import Network

_EVERYBODY = re.compile(r"[^/]*/0+")

PRIVATE_REMEDY = "come from the address under which the Internet sees you: outside a private network or a VPN"


def of_caller(address: object, *, ipv6_prefix: int) -> Network:
    """The range to register for a caller that a request came from.

    Args:
        address: The peer of the TCP connection.
        ipv6_prefix: The prefix length for IPv6.

    Raises:
        IpRangeError: Nobody comes from such an address over the Internet.
    """
    network = network_of(address, ipv6_prefix=ipv6_prefix)
    _check_kind(network, remedy=PRIVATE_REMEDY)
    return network


def of_text(text: str) -> Network:
    """The range that an administrator has typed.

    Raises:
        IpRangeError: It is none, or not public, or too wide.
    """
    # The advice of AWS WAF's own rule, two halves of a family, would be of no use here.
    if _EVERYBODY.fullmatch(text):
        raise IpRangeError(
            text,
            f"a prefix length of {contract.WIDEST_IPV4} or more for IPv4, {contract.WIDEST_IPV6} or more for IPv6",
            "give a narrower range",
        )
    network = parse(text)
    _check_kind(network, remedy="give the range under which the Internet sees them")
    check_width(network, shortest_ipv4=contract.WIDEST_IPV4, shortest_ipv6=contract.WIDEST_IPV6)
    return network


def _check_kind(network: Network, *, remedy: str) -> None:
    """Refuse what is not public, but for documentation.

    Nobody on the Internet comes from a range for documentation (RFC 5737, RFC 3849, RFC 9637), so that to let it
    through lets nobody through; and the viewers of a local cloud, of tests and of examples come from nowhere else.
    """
    if kind_of(network) != DOCUMENTATION:
        check_public(network, remedy=remedy)
