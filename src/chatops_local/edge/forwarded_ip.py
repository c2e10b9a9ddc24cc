"""Addresses from a header, such as ``X-Forwarded-For``, instead of the connection's.

https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-forwarded-ip-address.html
"""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_local.edge.addresses import Address
    from chatops_local.edge.web_request import WebRequest

_MOST_WITH_ANY = 10
"""``ANY`` looks at the ten addresses that were added last:
https://docs.aws.amazon.com/waf/latest/APIReference/API_IPSetForwardedIPConfig.html"""


class RuleNotAppliedError(Exception):
    """The header is missing: "AWS WAF doesn't apply the rule to the web request at all".

    So it is whatever the rest of the rule says, which is a reading of ours for statements within And, Or and Not.
    """


def forwarded_addresses(settings: Mapping[str, Any], position: str, request: WebRequest) -> list[Address]:
    """The addresses in the position; an empty list if there is none that is valid, which is what the fallback is for.

    Args:
        settings: with ``HeaderName``.
        position: ``FIRST``, ``LAST`` or ``ANY``.
        request: the request.

    Raises:
        RuleNotAppliedError: if the request does not have the header.
    """
    value = request.header(settings["HeaderName"])
    if value is None:
        raise RuleNotAppliedError(settings["HeaderName"])
    parts = [part.strip() for part in value.split(",")]
    chosen = {"FIRST": parts[:1], "LAST": parts[-1:], "ANY": parts[-_MOST_WITH_ANY:]}[position]
    return [address for address in map(_address, chosen) if address is not None]


def _address(text: str) -> Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None
