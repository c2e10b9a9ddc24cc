"""A small reading of AWS WAF's rules: whether a request is blocked, with either meaning of a header that is missing.

"If the specified header isn't present in the request, AWS WAF doesn't apply the rule to the web request at all"
(https://docs.aws.amazon.com/waf/latest/APIReference/API_IPSetForwardedIPConfig.html): the whole rule, or the statement
only? Nothing may depend on the answer.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class MissingHeader(Enum):
    """What it means for a statement that looks at a header for an address."""

    RULE_IS_NOT_APPLIED = "rule"
    STATEMENT_DOES_NOT_MATCH = "statement"


class _NotApplied(Exception):  # noqa: N818 - an outcome
    pass


@dataclass
class Request:
    address: str
    headers: dict[str, str] = field(default_factory=dict)
    labels: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class WebAcl:
    """The rules of a template, with what is in its IP sets by their logical ids."""

    rules: list[dict[str, Any]]
    sets: dict[str, list[str]]
    missing: MissingHeader

    def blocks(self, request: Request) -> bool:
        for rule in sorted(self.rules, key=lambda rule: int(rule["Priority"])):
            try:
                if not self._matches(rule["Statement"], request):
                    continue
            except _NotApplied:
                continue
            request.labels |= {label["Name"] for label in rule.get("RuleLabels", [])}
            if "Block" in rule["Action"]:
                return True
        return False

    def _matches(self, statement: dict[str, Any], request: Request) -> bool:
        ((kind, settings),) = statement.items()
        if kind == "OrStatement":
            return any(self._matches(each, request) for each in settings["Statements"])
        if kind == "AndStatement":
            return all(self._matches(each, request) for each in settings["Statements"])
        if kind == "NotStatement":
            return not self._matches(settings["Statement"], request)
        if kind == "LabelMatchStatement":
            return settings["Key"] in request.labels
        assert kind == "IPSetReferenceStatement"
        return self._in_set(settings, request)

    def _in_set(self, settings: dict[str, Any], request: Request) -> bool:
        address = request.address
        forwarded = settings.get("IPSetForwardedIPConfig")
        if forwarded:
            header = {name.lower(): value for name, value in request.headers.items()}.get(
                forwarded["HeaderName"].lower()
            )
            if header is None:
                if self.missing is MissingHeader.RULE_IS_NOT_APPLIED:
                    raise _NotApplied
                return False
            address = header.split(",")[{"FIRST": 0, "LAST": -1}[forwarded["Position"]]].strip()
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return bool(settings["IPSetForwardedIPConfig"]["FallbackBehavior"] == "MATCH")
        networks = self.sets[settings["Arn"]["Fn::GetAtt"][0]]
        return any(parsed in ipaddress.ip_network(network) for network in networks)
