"""How a function is told of a pair of IP sets, in one environment variable.

{"version": 1,
"scope": "CLOUDFRONT" | "REGIONAL",
"region": "us-east-1",                        where the API of AWS WAF has the sets
"ipv4": "Edge_Maintenance_Ipv4_1A2B3C4D",     the names; the ids are known after the deployment only, and to nobody
"ipv6": "Edge_Maintenance_Ipv6_5E6F7A8B"}     in another region or stack, so that the function looks them up
"""

from __future__ import annotations

import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal, TypedDict

    class IpSetPairNames(TypedDict):
        """The whole value."""

        version: int
        scope: Literal["CLOUDFRONT", "REGIONAL"]
        region: str
        ipv4: str
        ipv6: str


VERSION = 1


def render(*, scope: Literal["CLOUDFRONT", "REGIONAL"], region: str, ipv4: str, ipv6: str) -> str:
    """The variable's value."""
    names: IpSetPairNames = {"version": VERSION, "scope": scope, "region": region, "ipv4": ipv4, "ipv6": ipv6}
    return json.dumps(names, separators=(",", ":"))


def read(text: str) -> IpSetPairNames:
    """The pair that the variable names.

    Raises:
        ValueError: The value is of another version than this code.
    """
    names: IpSetPairNames = json.loads(text)
    if names["version"] != VERSION:
        raise ValueError(f"the pair of IP sets has version {names['version']}, this code reads version {VERSION}")
    return names
