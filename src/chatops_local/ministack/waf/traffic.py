"""Requests that meet a web ACL, and what was seen of them: metrics and samples.

https://docs.aws.amazon.com/waf/latest/developerguide/waf-metrics.html
"""

from __future__ import annotations

import ipaddress
import threading
from collections import Counter, deque
from typing import TYPE_CHECKING, Any

from chatops_local.edge.rates import Rates
from chatops_local.edge.rule_set import RuleSet
from chatops_local.edge.web_request import WebRequest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_local.edge.rule_set import Decision
    from chatops_local.ministack.emulator import Emulator
    from chatops_local.ministack.waf.entities import Entities

_SAMPLES = 1000


class Traffic:
    """Lets requests pass web ACLs.

    Args:
        entities: the web ACLs, and what they refer to.
        time_scale: what AWS's seconds are multiplied with.
    """

    def __init__(self, entities: Entities, time_scale: float) -> None:
        """Start with none seen."""
        self._entities = entities
        self._rates = Rates(time_scale)
        self._lock = threading.Lock()
        self._counts: Counter[tuple[str, str, str]] = Counter()
        self._samples: deque[dict[str, Any]] = deque(maxlen=_SAMPLES)

    def apply(self, emulator: Emulator) -> None:
        """Let the controller look."""
        emulator.calls.update(waf_counts=self.counts, waf_samples=self.samples)

    def decide(
        self,
        web_acl_arn: str,
        source: str,
        method: str,
        path: str,
        query: str,
        headers: Mapping[str, str],
        body: bytes,
    ) -> Decision:
        """What becomes of a request."""
        web_acl = self._entities.web_acl(web_acl_arn)
        pairs = tuple((name.lower(), value) for name, value in headers.items())
        request = WebRequest(ipaddress.ip_address(source), method, path, query, pairs, body)
        decision = RuleSet(web_acl, self._entities, self._rates).decide(request)
        self._note(str(web_acl["Name"]), request, decision)
        return decision

    def counts(self) -> list[dict[str, Any]]:
        """How often each rule has allowed, blocked and counted, by the names of its web ACL and its own."""
        with self._lock:
            counts = dict(self._counts)
        return [
            {"web_acl": web_acl, "rule": rule, "metric": metric, "count": count}
            for (web_acl, rule, metric), count in counts.items()
        ]

    def samples(self) -> list[dict[str, Any]]:
        """The latest requests, the earliest first."""
        with self._lock:
            return list(self._samples)

    def _note(self, web_acl: str, request: WebRequest, decision: Decision) -> None:
        metric = "AllowedRequests" if decision.allowed else "BlockedRequests"
        sample = {
            "web_acl": web_acl,
            "source": str(request.source),
            "host": request.header("host") or "",
            "method": request.method,
            "path": request.path,
            "allowed": decision.allowed,
            "rule": decision.terminating_rule,
            "counted": list(decision.counted),
            "labels": list(decision.labels),
        }
        with self._lock:
            self._counts[web_acl, decision.terminating_rule, metric] += 1
            self._counts.update((web_acl, rule, "CountedRequests") for rule in decision.counted)
            self._samples.append(sample)
