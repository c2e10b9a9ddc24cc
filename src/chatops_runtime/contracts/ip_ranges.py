"""Ranges of IP addresses as AWS WAF takes them into an IP set: checked at synthesis and at run time by the same code.

AWS WAF takes CIDR notation, every prefix length but 0, no host bits, and one family a set
(https://docs.aws.amazon.com/waf/latest/APIReference/API_IPSet.html, https://github.com/aws/aws-cdk/issues/20003).

What is public is decided by the tables below and not by `ipaddress.is_global`, which differs between Python's releases
(3.12.4 changed it: https://docs.python.org/3/library/ipaddress.html#ipaddress.IPv4Address.is_private) and calls
multicast addresses global.
"""

from __future__ import annotations

import ipaddress

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import TypeAlias

    Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network

MAXIMUM = 10_000
"""Of one IP set: https://docs.aws.amazon.com/waf/latest/developerguide/limits.html"""

EVERYONE = ("0.0.0.0/1", "128.0.0.0/1", "::/1", "8000::/1")
"""Every address of both families: AWS WAF refuses `/0`, so each family comes in two halves."""

IPV6_LINE = 64
"""The prefix length of what one line has: the addresses within it change daily (RFC 8981)."""

DOCUMENTATION = "for documentation"

_LONGEST_TEXT = 50  # of an address in an IP set: https://docs.aws.amazon.com/waf/latest/APIReference/API_IPSet.html
_CIDR = "a range in CIDR notation, such as 203.0.113.0/24 or 2001:db8::/64"
_MAPPED = ipaddress.IPv6Network("::ffff:0:0/96")
_PUBLIC_IPV6 = ipaddress.IPv6Network("2000::/3")

# https://www.iana.org/assignments/iana-ipv4-special-registry and https://www.iana.org/assignments/multicast-addresses
_NOT_PUBLIC_IPV4 = tuple(
    (ipaddress.IPv4Network(cidr), kind)
    for cidr, kind in (
        ("0.0.0.0/8", "for this network only"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "shared between a provider's customers"),
        ("127.0.0.0/8", "loopback"),
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "for protocols"),
        ("192.0.2.0/24", DOCUMENTATION),
        ("192.168.0.0/16", "private"),
        ("198.18.0.0/15", "for benchmarks"),
        ("198.51.100.0/24", DOCUMENTATION),
        ("203.0.113.0/24", DOCUMENTATION),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
    )
)
# https://www.iana.org/assignments/iana-ipv6-special-registry. All that is assigned to the public is of 2000::/3:
# https://www.iana.org/assignments/ipv6-address-space
_NOT_PUBLIC_IPV6 = tuple(
    (ipaddress.IPv6Network(cidr), kind)
    for cidr, kind in (
        ("::1/128", "loopback"),
        ("2001::/23", "for protocols"),
        ("2001:db8::/32", DOCUMENTATION),
        ("2002::/16", "6to4, which is no more"),
        ("3fff::/20", DOCUMENTATION),
        ("fc00::/7", "private"),
        ("fe80::/10", "link-local"),
        ("ff00::/8", "multicast"),
    )
)


class IpRangeError(ValueError):
    """A range that is not allowed.

    Attributes:
        value: What was given, cut if it is longer than any range.
        allowed: What is allowed.
        remedy: What to do.
    """

    def __init__(self, value: object, allowed: str, remedy: str) -> None:
        """Keep the three, and make them the error's text."""
        self.value = value[:_LONGEST_TEXT] if isinstance(value, str) else value
        self.allowed = allowed
        self.remedy = remedy
        super().__init__(f"{self.value!r} is not allowed; allowed: {allowed}; {remedy}")


def parse(text: object) -> Network:
    """The range that `text` names.

    Raises:
        IpRangeError: It is none, or one that AWS WAF does not take.
    """
    address, prefix = _split(text)
    if prefix is None:
        raise IpRangeError(text, _CIDR, _with_prefix(_address(address, text)))
    _address(address, text)
    if not (prefix.isascii() and prefix.isdigit()):
        raise IpRangeError(text, _CIDR, "write how many bits of the network there are after the slash")
    try:
        network = ipaddress.ip_network((address, int(prefix)), strict=False)
    except ValueError:
        longest = 128 if ":" in address else 32
        raise IpRangeError(text, _CIDR, f"write a prefix length of 1 to {longest}") from None
    _refuse_what_waf_refuses(text, address, network)
    return network


def network_of(address: object, *, ipv6_prefix: int = IPV6_LINE) -> Network:
    """The range to register for a client that was seen under `address`: IPv4 as it is, of IPv6 the line's network.

    Args:
        address: One address, as a request came from it.
        ipv6_prefix: The prefix length for IPv6. Default: 64.

    Raises:
        IpRangeError: It is no address, or one under which AWS WAF sees nobody.
    """
    text, prefix = _split(address)
    if prefix is not None:
        raise IpRangeError(address, "one address", "leave out the slash and what follows")
    parsed = _address(text, address)
    # Before the address is cut down to its network, which for such an address is ::/64.
    _refuse_mapped(address, ipaddress.ip_network(parsed))
    length = 32 if parsed.version == 4 else ipv6_prefix
    return parse(str(ipaddress.ip_network((text, length), strict=False)))


def kind_of(network: Network) -> str | None:
    """What the range is if nobody comes from it over the Internet, such as `private`; None: it is public.

    A range that has public addresses in it is public, whatever else it has.
    """
    if str(network) in EVERYONE:
        return None
    if isinstance(network, ipaddress.IPv4Network):
        return next((kind for special, kind in _NOT_PUBLIC_IPV4 if network.subnet_of(special)), None)
    for special, kind in _NOT_PUBLIC_IPV6:
        if network.subnet_of(special):
            return kind
    return None if network.overlaps(_PUBLIC_IPV6) else "reserved"


def check_public(network: Network, *, remedy: str) -> None:
    """Refuse a range from which nobody comes over the Internet.

    Raises:
        IpRangeError: It is such a range.
    """
    kind = kind_of(network)
    if kind is not None:
        raise IpRangeError(str(network), f"public addresses; this range is {kind}", remedy)


def check_width(network: Network, *, shortest_ipv4: int, shortest_ipv6: int) -> None:
    """Refuse a range that is wider than somebody may register alone.

    Raises:
        IpRangeError: Its prefix is shorter than the shortest of its family.
    """
    shortest = shortest_ipv4 if network.version == 4 else shortest_ipv6
    if network.prefixlen < shortest:
        raise IpRangeError(
            str(network), f"a prefix length of {shortest} or more for IPv{network.version}", "give a narrower range"
        )


def without_contained(networks: Iterable[Network]) -> list[Network]:
    """Each range once, sorted, and none that is within another: what an IP set needs to match the same addresses.

    Neighbours are never joined, unlike in `ipaddress.collapse_addresses`: the two halves of a family would be `/0`.
    """
    kept: list[Network] = []
    for network in in_order(set(networks)):
        # Sorted, a range comes right after what contains it, or after others within the same.
        if not (kept and contains(kept[-1], network)):
            kept.append(network)
    return kept


def in_order(networks: Iterable[Network]) -> list[Network]:
    """Sorted: IPv4 first, then by the first address, the wider range first."""
    return sorted(networks, key=lambda network: (network.version, int(network.network_address), network.prefixlen))


def contains(outer: Network, inner: Network) -> bool:
    """Whether all of `inner` is in `outer`; never so across families."""
    if isinstance(outer, ipaddress.IPv4Network):
        return isinstance(inner, ipaddress.IPv4Network) and inner.subnet_of(outer)
    return isinstance(inner, ipaddress.IPv6Network) and inner.subnet_of(outer)


def of_family(networks: Iterable[Network], version: int) -> Iterator[Network]:
    """Those of one family, 4 or 6."""
    return (network for network in networks if network.version == version)


def _split(text: object) -> tuple[str, str | None]:
    if not isinstance(text, str) or len(text) > _LONGEST_TEXT:
        raise IpRangeError(text, _CIDR, "write one range as text")
    address, slash, prefix = text.partition("/")
    return address, prefix if slash else None


def _address(address: str, text: object) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    if "%" in address:
        raise IpRangeError(text, _CIDR, "leave out the zone, which means something on one machine only")
    try:
        return ipaddress.ip_address(address)
    except ValueError:
        raise IpRangeError(text, _CIDR, "write an IPv4 or IPv6 address before the slash") from None


def _with_prefix(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> str:
    if address.version == 4:
        return f"write {address}/32 for this one address"
    line = ipaddress.ip_network((str(address), IPV6_LINE), strict=False)
    return f"write {line} for the line that the address belongs to, or {address}/128 for this one address"


def _refuse_what_waf_refuses(text: object, address: str, network: Network) -> None:
    if network.prefixlen == 0:
        halves = " and ".join(half for half in EVERYONE if (":" in half) == (network.version == 6))
        raise IpRangeError(text, "prefix lengths from 1, since AWS WAF takes no /0", f"write the two halves, {halves}")
    _refuse_mapped(text, network)
    if ipaddress.ip_address(address) != network.network_address:
        raise IpRangeError(
            text, "ranges that begin at their first address, since AWS WAF takes no others", f"write {network}"
        )


def _refuse_mapped(text: object, network: Network) -> None:
    """Refuse IPv4-mapped IPv6. It is not rewritten: one address would have two spellings, one which nobody finds."""
    if isinstance(network, ipaddress.IPv6Network) and network.subnet_of(_MAPPED):
        inner = ipaddress.IPv4Network((int(network.network_address) & 0xFFFF_FFFF, network.prefixlen - 96))
        better = str(inner) if inner.prefixlen else " and ".join(EVERYONE[:2])
        raise IpRangeError(text, "IPv4 addresses as such, since AWS WAF sees them as such", f"write {better}")
