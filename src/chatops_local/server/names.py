"""Names of sites and the families of addresses that they have, as DNS would say."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chatops_local.edge.viewer import Viewer

_AWS_NAME = re.compile(r"\.(execute-api|lambda-url)\.[a-z0-9-]+\.(amazonaws\.com|on\.aws|api\.aws)$")
_RECORDS = {False: "A", True: "AAAA"}


class UnreachableError(ConnectionError):
    """A name has no address of the family that the viewer uses."""


class Names:
    """Looks up host names in what is deployed.

    Args:
        client: makes boto3 clients.
    """

    def __init__(self, client: Callable[..., Any]) -> None:
        """Look up with these clients."""
        self._client = client

    def check_family(self, host: str, viewer: Viewer) -> None:
        """Refuse a viewer who could not connect, since the name has no address of its family.

        A distribution without ``IPV6Enabled`` and an HTTP API that is not dual-stack have no IPv6 address; a name in a
        hosted zone has what its records say. A name in no hosted zone of the account is taken to have both.

        Raises:
            UnreachableError: naming the record that is missing.
        """
        record = _RECORDS[viewer.is_ipv6]
        if record not in self.records_of(host):
            raise UnreachableError(
                f"{host} has no {record} record: a viewer at {viewer.address} cannot connect to it; "
                f"it has {' and '.join(sorted(self.records_of(host))) or 'no address'}"
            )

    def check_known(self, host: str) -> None:
        """Refuse a name of nothing that is here, so that nobody takes an answer of the emulator for that of a site.

        Raises:
            UnreachableError: naming it.
        """
        name = host.lower().rstrip(".")
        if not (_AWS_NAME.search(name) or name in self._names_of_distributions()):
            raise UnreachableError(f"{host} is not in the local cloud")

    def records_of(self, host: str) -> set[str]:
        """``A``, ``AAAA`` or both."""
        name = host.lower().rstrip(".")
        if name.endswith(".cloudfront.net"):
            return self._of_distribution(name)
        if ".execute-api." in name and name.endswith(".amazonaws.com"):
            return self._of_api(name)
        zones = [zone for zone in self._zones() if name == zone["Name"].rstrip(".") or _is_in(name, zone["Name"])]
        if not zones:
            return {"A", "AAAA"}
        return {each["Type"] for zone in zones for each in self._records(zone["Id"]) if _is_named(each["Name"], name)}

    def _of_distribution(self, name: str) -> set[str]:
        has_ipv6 = any(each["DomainName"].lower() == name and each["IsIPV6Enabled"] for each in self._distributions())
        return {"A", "AAAA"} if has_ipv6 else {"A"}

    def _names_of_distributions(self) -> set[str]:
        aliases = [alias for each in self._distributions() for alias in each["Aliases"].get("Items", [])]
        return {name.lower() for name in (*aliases, *(each["DomainName"] for each in self._distributions()))}

    def _distributions(self) -> list[dict[str, Any]]:
        listed = self._client("cloudfront").list_distributions()["DistributionList"]
        found: list[dict[str, Any]] = listed.get("Items", [])
        return found

    def _of_api(self, name: str) -> set[str]:
        """A REST API is not looked up: its address is IPv4 unless it is dual-stack as well, which is not emulated."""
        apis = self._client("apigatewayv2", name.split(".")[2]).get_apis()["Items"]
        is_dual = any(
            each["ApiId"] == name.partition(".")[0] and each.get("IpAddressType") == "dualstack" for each in apis
        )
        return {"A", "AAAA"} if is_dual else {"A"}

    def _zones(self) -> list[dict[str, Any]]:
        zones: list[dict[str, Any]] = self._client("route53").list_hosted_zones()["HostedZones"]
        return zones

    def _records(self, zone_id: str) -> Iterator[dict[str, Any]]:
        pages = self._client("route53").get_paginator("list_resource_record_sets").paginate(HostedZoneId=zone_id)
        return (record for page in pages for record in page["ResourceRecordSets"] if record["Type"] in ("A", "AAAA"))


def _is_in(name: str, zone: str) -> bool:
    return name.endswith("." + zone.rstrip("."))


def _is_named(record: str, name: str) -> bool:
    return record.rstrip(".").lower() == name
