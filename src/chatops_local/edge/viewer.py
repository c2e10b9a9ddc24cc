"""Who a request comes from. On this machine every connection is from it, so the controller says who the viewer is.

Only the controller can: what it says is signed with a secret of the run. No other header of a request is believed.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from contextvars import ContextVar
from dataclasses import dataclass

HEADER = "x-chatops-local-viewer"


@dataclass(frozen=True)
class Viewer:
    """The other end of a connection.

    Args:
        address: its IPv4 or IPv6 address.
        port: its port.
        scheme: ``https`` or ``http``.
    """

    address: str
    port: int
    scheme: str = "https"

    def __post_init__(self) -> None:
        """Refuse what is no address."""
        ipaddress.ip_address(self.address)
        if self.scheme not in ("http", "https"):
            raise ValueError(f"scheme must be http or https, not {self.scheme!r}")

    @property
    def is_ipv6(self) -> bool:
        """Whether it has come over IPv6."""
        return ipaddress.ip_address(self.address).version == 6

    @property
    def cloudfront_address(self) -> str:
        """As in ``CloudFront-Viewer-Address``: without brackets around an IPv6 address.

        https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/adding-cloudfront-headers.html
        """
        return f"{self.address}:{self.port}"

    def signed(self, secret: str) -> str:
        """The value of the header that says so."""
        claim = f"{self.scheme} {self.address} {self.port}"
        return f"{claim} {_signature(claim, secret)}"

    @classmethod
    def verified(cls, value: str, secret: str) -> Viewer | None:
        """The viewer that a header names; ``None`` if the controller has not written it."""
        claim, _, signature = value.rpartition(" ")
        if not hmac.compare_digest(signature, _signature(claim, secret)):
            return None
        scheme, address, port = claim.split(" ")
        return cls(address, int(port), scheme)


present_viewer: ContextVar[Viewer | None] = ContextVar("chatops_local_viewer", default=None)
"""The viewer of the request that is being served, if the controller has said who that is."""


def _signature(claim: str, secret: str) -> str:
    return hmac.new(secret.encode(), claim.encode(), hashlib.sha256).hexdigest()
