"""AWS WAF's API of IP sets as far as it matters here: lock tokens, limits, another spelling, answers that get lost.

https://docs.aws.amazon.com/waf/latest/APIReference/API_UpdateIPSet.html
"""

from __future__ import annotations

import ipaddress
import itertools
import re
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError, ReadTimeoutError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

V4 = "Edge_Pair_Ipv4_11111111"
V6 = "Edge_Pair_Ipv6_22222222"
NAMES: Any = {"version": 1, "scope": "CLOUDFRONT", "region": "us-east-1", "ipv4": V4, "ipv6": V6}

# https://docs.aws.amazon.com/waf/latest/developerguide/limits.html: of an account in a region.
UPDATES_A_SECOND = 1
READS_A_SECOND = 5

DESCRIPTION = "What the stack says"


@dataclass
class FakeSet:
    name: str
    version: str
    id: str
    addresses: list[str] = field(default_factory=list)
    description: str | None = DESCRIPTION
    tokens: itertools.count[int] = field(default_factory=itertools.count)
    token: str = "token-first"
    history: list[tuple[float, dict[str, Any]]] = field(default_factory=list)
    """Every content that it had, with when it came."""

    def put(self, addresses: Iterable[str], description: str | None, now: float) -> None:
        self.addresses = list(addresses)
        self.description = description
        self.token = f"token-{self.name}-{next(self.tokens)}"
        self.history.append((now, self.answer()))

    def answer(self) -> dict[str, Any]:
        described = {} if self.description is None else {"Description": self.description}
        content = {"Name": self.name, "Id": self.id, "Addresses": list(self.addresses), **described}
        return {"IPSet": content, "LockToken": self.token}


class FakeWaf:
    """A client for WAFv2 in one region, whose calls take time."""

    def __init__(
        self,
        now: Callable[[], float] = lambda: 0.0,
        sleep: Callable[[float], None] = lambda _: None,
        latency: Callable[[], float] = lambda: 0.0,
        *,
        limited: bool = False,
        staleness: Callable[[], float] = lambda: 0.0,
        others: int = 0,
    ) -> None:
        self.now = now
        self.sleep = sleep
        self.latency = latency
        self.limited = limited
        self.staleness = staleness
        self.meta = SimpleNamespace(region_name="us-east-1")
        self.calls: list[str] = []
        self.updates: list[dict[str, Any]] = []
        self.failures: dict[str, list[str]] = {}
        """By operation, what happens to the next calls: an error's code, `lost answer`, `no answer`, or nothing."""
        self._times: dict[str, list[float]] = {}
        self._ids = itertools.count()
        self.sets: dict[str, FakeSet] = {}
        for number in range(others):
            self.create(f"Other_{number:03}", "IPV4")
        self.create(V4, "IPV4")
        self.create(V6, "IPV6")

    def create(self, name: str, version: str) -> None:
        made = FakeSet(name, version, f"00000000-0000-4000-8000-{next(self._ids):012}")
        made.put([], DESCRIPTION, self.now())
        self.sets[name] = made

    def reset(self) -> None:
        """As CloudFormation does when it updates the sets in place: the template's addresses."""
        for name in (V4, V6):
            self.sets[name].put([], DESCRIPTION, self.now())

    @property
    def networks(self) -> set[str]:
        """What is in the pair."""
        texts = [*self.sets[V4].addresses, *self.sets[V6].addresses]
        assert len(texts) == len(set(texts)), "doubled"
        return {str(ipaddress.ip_network(text)) for text in texts}

    def list_ip_sets(self, *, Scope: str, Limit: int, NextMarker: str = "") -> dict[str, Any]:  # noqa: N803
        self._called("list_ip_sets", Scope)
        names = [name for name in sorted(self.sets) if name > NextMarker][:Limit]
        page: dict[str, Any] = {"IPSets": [{"Name": name, "Id": self.sets[name].id} for name in names]}
        return {**page, "NextMarker": names[-1]} if names else page

    def get_ip_set(self, *, Name: str, Scope: str, Id: str) -> dict[str, Any]:  # noqa: N803
        self._called("get_ip_set", Scope)
        found = self._found(Name, Id, "GetIPSet")
        as_of = self.now() - self.staleness()
        old = [answer for since, answer in found.history if since <= as_of]
        return old[-1] if old else found.history[0][1]

    def update_ip_set(
        self,
        *,
        Name: str,  # noqa: N803
        Scope: str,  # noqa: N803
        Id: str,  # noqa: N803
        Addresses: list[str],  # noqa: N803
        LockToken: str,  # noqa: N803
        Description: str | None = None,  # noqa: N803
    ) -> dict[str, Any]:
        failure = self._called("update_ip_set", Scope)
        found = self._found(Name, Id, "UpdateIPSet")
        if LockToken != found.token:
            raise aws_error("WAFOptimisticLockException", "UpdateIPSet")
        version = {"IPV4": 4, "IPV6": 6}[found.version]
        networks = [ipaddress.ip_network(address) for address in Addresses if "/" in address]
        if len(networks) != len(Addresses) or any(one.prefixlen == 0 or one.version != version for one in networks):
            raise aws_error("WAFInvalidParameterException", "UpdateIPSet")
        if len(networks) > 10_000:
            raise aws_error("WAFLimitsExceededException", "UpdateIPSet")
        self.updates.append({"Name": Name, "Addresses": Addresses, "Description": Description})
        # In the long form, as AWS documents it.
        found.put([one.exploded for one in networks], Description, self.now())
        if failure == "lost answer":
            raise ReadTimeoutError(endpoint_url="https://wafv2")
        return {"NextLockToken": found.token}

    def _called(self, operation: str, scope: str) -> str:
        self.calls.append(operation)
        assert scope == NAMES["scope"]
        self.sleep(self.latency())
        failures = self.failures.get(operation)
        failure = failures.pop(0) if failures else ""
        if failure == "no answer":
            raise ReadTimeoutError(endpoint_url="https://wafv2")
        if failure == "503":
            raise aws_error("Whatever", operation, 503)
        if failure and failure != "lost answer":
            raise aws_error(failure, operation)
        if self.limited:
            self._count(operation)
        return failure

    def _count(self, operation: str) -> None:
        most = UPDATES_A_SECOND if operation == "update_ip_set" else READS_A_SECOND
        times = self._times.setdefault(operation, [])
        times[:] = [time for time in times if self.now() - time < 1]
        if len(times) >= most:
            raise aws_error("ThrottlingException", operation)
        times.append(self.now())

    def _found(self, name: str, id: str, operation: str) -> FakeSet:
        found = self.sets.get(name)
        if found is None or found.id != id:
            raise aws_error("WAFNonexistentItemException", operation)
        return found


def aws_error(code: str, operation: str, status: int = 400) -> ClientError:
    assert re.fullmatch(r"\w+", code)
    return ClientError({"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}, operation)  # type: ignore[typeddict-item]
