"""What the registrar's environment says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatops_runtime.contracts import allowlist as contract

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Settings:
    """Of one allow-list.

    Attributes:
        url: Of the host that is reached over both families.
        ipv4_url: Of the one without IPv6.
        valid_seconds: How long a registration holds.
        ipv6_prefix: The prefix length under which an IPv6 address is registered.
        link_seconds: How long a link may be used.
    """

    url: str
    ipv4_url: str
    valid_seconds: int
    ipv6_prefix: int
    link_seconds: int

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """As the construct has set them."""
        return cls(
            url=environment[contract.URL].rstrip("/"),
            ipv4_url=environment[contract.IPV4_URL].rstrip("/"),
            valid_seconds=int(environment[contract.VALID_SECONDS]),
            ipv6_prefix=int(environment[contract.IPV6_PREFIX]),
            link_seconds=int(environment[contract.LINK_SECONDS]),
        )
