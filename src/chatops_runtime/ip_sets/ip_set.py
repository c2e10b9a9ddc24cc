"""One IP set, read and written as a whole."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from chatops_runtime.contracts.ip_ranges import in_order
from chatops_runtime.ip_sets.patience import GONE, name_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from chatops_runtime.contracts.ip_ranges import Network
    from chatops_runtime.ip_sets.ids import IpSetIds


@dataclass(frozen=True)
class Content:
    """An IP set as it was read.

    Attributes:
        networks: Its ranges. As networks, since AWS WAF gives IPv6 back in another spelling than it got.
        description: Its description, None without one.
        lock_token: What an update has to show, so that it overwrites exactly this content.
    """

    networks: frozenset[Network]
    description: str | None
    lock_token: str


class IpSet:
    """An IP set by its name."""

    def __init__(self, client: Any, ids: IpSetIds, *, scope: str, name: str, version: int) -> None:  # noqa: ANN401
        """With boto3's WAFv2 client.

        Args:
            client: The client of the region that has the set.
            ids: The ids of that region and scope.
            scope: `CLOUDFRONT` or `REGIONAL`.
            name: The set's name.
            version: Its family, 4 or 6.
        """
        self._client = client
        self._ids = ids
        self._scope = scope
        self.name = name
        self.version = version

    def read(self) -> Content:
        """What is in it now.

        Raises:
            IpSetNotFoundError: There is no such set.
            ClientError: AWS refused.
        """
        answer = self._call(self._client.get_ip_set)
        found = answer["IPSet"]
        return Content(
            networks=frozenset(map(ipaddress.ip_network, found["Addresses"])),
            description=found.get("Description"),
            lock_token=answer["LockToken"],
        )

    def write(self, networks: Iterable[Network], instead_of: Content) -> None:
        """Put `networks` into it instead of what was read.

        The description goes with every update: AWS WAF forgets what an update leaves out
        (https://docs.aws.amazon.com/waf/latest/APIReference/API_UpdateIPSet.html).

        Raises:
            ClientError: AWS refused; with WAFOptimisticLockException if it has another content by now.
        """
        description = {} if instead_of.description is None else {"Description": instead_of.description}
        self._call(
            self._client.update_ip_set,
            **description,
            Addresses=[str(network) for network in in_order(networks)],
            LockToken=instead_of.lock_token,
        )

    def _call(self, operation: Callable[..., dict[str, Any]], **parameters: object) -> dict[str, Any]:
        try:
            return operation(Name=self.name, Scope=self._scope, Id=self._ids.of(self.name), **parameters)
        except ClientError as error:
            if name_of(error) == GONE:
                self._ids.forget(self.name)
            raise
