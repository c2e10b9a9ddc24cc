"""Distributions as MiniStack keeps them: found by any of their names, and what else requests need of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chatops_local.ministack.private import Untyped, private

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_distributions = private("services.cloudfront:_distributions")
_configuration = private("services.cloudfront:_dist_config_el", "dist")
_child = private("services.cloudfront:_find", "el, tag")
_text_of = private("services.cloudfront:_text", "el, tag, default")

_DOMAIN = ".cloudfront.net"


@dataclass(frozen=True)
class Distribution:
    """One distribution.

    Args:
        record: as MiniStack keeps it.
    """

    record: Mapping[str, Any]

    @property
    def domain(self) -> str:
        """Its own name, ``….cloudfront.net``."""
        return str(self.record["DomainName"]).lower()

    @property
    def label(self) -> str:
        """The first part of that."""
        return self.domain.removesuffix(_DOMAIN)

    @property
    def arn(self) -> str:
        """Its ARN."""
        return str(self.record["ARN"])

    @property
    def aliases(self) -> list[str]:
        """Its other names."""
        aliases = _child.get()(self._configuration, "Aliases")
        items = None if aliases is None else _child.get()(aliases, "Items")
        return [] if items is None else [str(item.text).lower() for item in items]

    @property
    def web_acl(self) -> str:
        """The ARN of its web ACL; empty if it has none."""
        return str(_text_of.get()(self._configuration, "WebACLId", ""))

    @property
    def is_enabled(self) -> bool:
        """Whether it serves at all."""
        return bool(self.record.get("enabled", True))

    @property
    def has_ipv6(self) -> bool:
        """Whether its own name has an IPv6 address."""
        return str(_text_of.get()(self._configuration, "IsIPV6Enabled", "false")).lower() == "true"

    @property
    def _configuration(self) -> Untyped:
        return _configuration.get()(self.record)


def all_distributions() -> Iterator[Distribution]:
    """Every distribution."""
    return (Distribution(record) for record in list(_distributions.get().values()))


def distribution_of(host: str) -> Distribution | None:
    """The distribution that answers to a host name."""
    name = host.partition(":")[0].lower()
    for each in all_distributions():
        if name == each.domain or name in each.aliases:
            return each
    return None


def web_acls_in_use() -> set[str]:
    """The ARNs of the web ACLs of all distributions."""
    return {each.web_acl for each in all_distributions()} - {""}
