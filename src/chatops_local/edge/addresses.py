"""The addresses of an IP set as AWS WAF takes them and gives them back."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

Network: TypeAlias = "ipaddress.IPv4Network | ipaddress.IPv6Network"
Address: TypeAlias = "ipaddress.IPv4Address | ipaddress.IPv6Address"

MAXIMUM = 10_000
"""Of one IP set: https://docs.aws.amazon.com/waf/latest/developerguide/limits.html"""

_VERSIONS = {"IPV4": 4, "IPV6": 6}


class InvalidAddressError(ValueError):
    """An address that AWS WAF does not take. The text is the address."""


def canonical_addresses(addresses: Iterable[str], version: str) -> list[str]:
    """The addresses as GetIPSet returns them, each once.

    AWS WAF takes CIDR notation only, every prefix length but 0, and one family a set
    (https://docs.aws.amazon.com/waf/latest/APIReference/API_IPSet.html). It refuses a range with host bits
    (https://github.com/aws/aws-cdk/issues/20003). A reading of ours: IPv6 comes back in its long form, as in the
    examples of that page and as WAF Classic did (https://github.com/hashicorp/terraform-provider-aws/issues/5897), and
    what was given twice comes back once.

    Args:
        addresses: in CIDR notation.
        version: ``IPV4`` or ``IPV6``.

    Raises:
        InvalidAddressError: for the first address that is not taken.
    """
    return list(dict.fromkeys(_canonical(address, version) for address in addresses))


def _canonical(text: str, version: str) -> str:
    if "/" not in text:
        raise InvalidAddressError(text)
    try:
        network = ipaddress.ip_network(text)
    except ValueError as error:
        raise InvalidAddressError(text) from error
    if network.version != _VERSIONS[version] or network.prefixlen == 0:
        raise InvalidAddressError(text)
    return network.exploded


def contains(networks: Iterable[str], address: Address) -> bool:
    """Whether an address is in one of the ranges, which are in CIDR notation."""
    return any(address in ipaddress.ip_network(network) for network in networks)
