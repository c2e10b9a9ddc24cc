"""Many people who register at once, while AWS WAF and the functions are in trouble."""

from __future__ import annotations

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

from benchmarks.allowlist.stacks import OURS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from benchmarks.allowlist.design import Design
    from chatops_local.server import Server

PEOPLE = 200
AT_ONCE = 32
"""Requests under way: for each there is a process of a function."""

# They meet the next calls, which are all of one writer in ours, and in the prior design of those who come first.
CONFLICTS = THROTTLED = 2
PATIENCE_SECONDS = 45.0
HEALING_SECONDS = 20.0
# https://datatracker.ietf.org/doc/html/rfc5737, a network for each round; what comes after them begins anew
NETWORKS = ("192.0.2", "198.51.100", "203.0.113")


@dataclass(frozen=True)
class Rush:
    """What became of one.

    Attributes:
        design: `OURS` or `PRIOR`.
        acknowledged: People who were told that they are registered.
        refused: People who got an error.
        lost: Acknowledged, and not in the IP sets.
        doubled: Ranges that are in the IP sets twice.
        lost_by_reset: Acknowledged, and not in the IP sets after a deployment has reset these.
        updates: Calls of UpdateIPSet.
        reads: Calls of GetIPSet.
        seconds: From the first request to the last answer.
        settled: Seconds from the last answer until the IP sets hold everybody who was acknowledged.
    """

    design: str
    acknowledged: int
    refused: int
    lost: int
    doubled: int
    lost_by_reset: int
    updates: int
    reads: int
    seconds: float
    settled: float


def people(number: int) -> list[str]:
    """The addresses of a round, of both families in turn."""
    times, which = divmod(number, len(NETWORKS))
    return [
        f"{NETWORKS[which]}.{one + times}" if one % 2 else f"2001:db8:{number + 1}:{one:x}::1"
        for one in range(1, PEOPLE + 1)
    ]


def rush(server: Server, design: Design, number: int, *, calm: bool = False) -> Rush:
    """Have everybody of a round register, unless it is calm in trouble."""
    viewers = people(number)
    server.waf.limit_rates()
    if not calm:
        server.waf.conflict(times=CONFLICTS)
        server.waf.throttle("UpdateIPSet", times=THROTTLED)
    before, began = server.usage(), time.monotonic()
    with ThreadPoolExecutor(AT_ONCE) as threads, ThreadPoolExecutor(1) as trouble:
        crash = trouble.submit(lambda: None if calm else design.crash())
        answers = dict(zip(viewers, threads.map(design.register, viewers), strict=True))
        answered = time.monotonic()
        crash.result()
    acknowledged = [viewer for viewer, told in answers.items() if told]
    settled = _settled(design, acknowledged, number, answered)
    calls = (server.usage() - before).api_calls
    server.waf.limit_rates(limited=False)
    found = design.addresses
    design.reset()
    if design.name == OURS:
        _wait(lambda: not _missing(design, acknowledged), HEALING_SECONDS)
    return Rush(
        design=design.name,
        acknowledged=len(acknowledged),
        refused=len(viewers) - len(acknowledged),
        lost=len(missing_in(found, acknowledged)),
        doubled=sum(times - 1 for times in Counter(found).values()),
        lost_by_reset=len(_missing(design, acknowledged)),
        updates=calls.get("wafv2:UpdateIPSet", 0),
        reads=calls.get("wafv2:GetIPSet", 0),
        seconds=round(answered - began, 2),
        settled=settled,
    )


def _settled(design: Design, acknowledged: Sequence[str], number: int, since: float) -> float:
    """Seconds until the IP sets hold everybody; the prior design answers when they do, or never."""
    if design.name != OURS:
        return 0.0
    # Those of the earlier rounds are in them as well.
    earlier = number * PEOPLE // 2
    ipv6 = sum(":" in viewer for viewer in acknowledged)
    expected = earlier + len(acknowledged) - ipv6, earlier + ipv6
    _wait(lambda: design.followed == expected, PATIENCE_SECONDS)
    return round(time.monotonic() - since, 2)


def _missing(design: Design, acknowledged: Sequence[str]) -> list[str]:
    return missing_in(design.addresses, acknowledged)


def missing_in(addresses: Sequence[str], acknowledged: Sequence[str]) -> list[str]:
    """Who of those that come from an address is in no range."""
    networks = [ip_network(one) for one in addresses]
    return [one for one in acknowledged if not any(ip_address(one) in network for network in networks)]


def _wait(is_so: Callable[[], bool], seconds: float) -> None:
    """Until it is so, or the time is up: what is missing then is counted."""
    deadline = time.monotonic() + seconds
    while not is_so() and time.monotonic() < deadline:
        time.sleep(0.1)
