"""Web ACLs, IP sets and requests, written by hand."""

from __future__ import annotations

import base64
import ipaddress
from typing import Any

from chatops_local.edge import Rates, RuleSet, WebRequest

ACL_PREFIX = "awswaf:123456789012:webacl:acl:"
GROUP_PREFIX = "awswaf:123456789012:rulegroup:group:"
ALLOW: dict[str, Any] = {"Allow": {}}
BLOCK: dict[str, Any] = {"Block": {}}
COUNT: dict[str, Any] = {"Count": {}}


class Entities:
    """What rules refer to: IP sets by their short names, and one rule group."""

    def __init__(self, group: dict[str, Any] | None = None, **ip_sets: list[str]) -> None:
        self._ip_sets = ip_sets
        self._group = group or {}

    def ip_set(self, arn: str) -> dict[str, Any]:
        return {"Addresses": self._ip_sets[arn]}

    def rule_group(self, arn: str) -> dict[str, Any]:
        assert arn == "group"
        return {"LabelNamespace": GROUP_PREFIX, "Rules": [], **self._group}


def rule(
    name: str, statement: dict[str, Any], action: dict[str, Any], priority: int = 0, **more: Any
) -> dict[str, Any]:
    return {"Name": name, "Priority": priority, "Statement": statement, "Action": action, **more}


def rule_set(
    rules: list[dict[str, Any]], entities: Entities | None = None, rates: Rates | None = None, **members: Any
) -> RuleSet:
    acl = {"ARN": "acl", "LabelNamespace": ACL_PREFIX, "DefaultAction": ALLOW, "Rules": rules, **members}
    return RuleSet(acl, entities or Entities(), rates or Rates())


def request(source: str = "203.0.113.7", path: str = "/", **more: Any) -> WebRequest:
    headers = tuple((name.lower().replace("_", "-"), value) for name, value in more.pop("headers", {}).items())
    return WebRequest(ipaddress.ip_address(source), path=path, headers=headers, **more)


def in_set(name: str, header: str | None = None, fallback: str = "NO_MATCH", position: str = "FIRST") -> dict[str, Any]:
    statement: dict[str, Any] = {"ARN": name}
    if header:
        statement["IPSetForwardedIPConfig"] = {
            "HeaderName": header,
            "FallbackBehavior": fallback,
            "Position": position,
        }
    return {"IPSetReferenceStatement": statement}


def text(field: dict[str, Any], position: str, wanted: bytes, *transformations: str) -> dict[str, Any]:
    return {
        "ByteMatchStatement": {
            "FieldToMatch": field,
            "PositionalConstraint": position,
            "SearchString": base64.b64encode(wanted).decode(),
            "TextTransformations": [
                {"Priority": index, "Type": name} for index, name in enumerate(transformations or ("NONE",))
            ],
        }
    }


def path_is(position: str, wanted: str, *transformations: str) -> dict[str, Any]:
    return text({"UriPath": {}}, position, wanted.encode(), *transformations)


def both(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"AndStatement": {"Statements": list(statements)}}


def either(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"OrStatement": {"Statements": list(statements)}}


def negated(statement: dict[str, Any]) -> dict[str, Any]:
    return {"NotStatement": {"Statement": statement}}


def matched(statement: dict[str, Any], sent: WebRequest, entities: Entities | None = None) -> bool:
    """Whether a rule with the statement blocks the request."""
    return not rule_set([rule("R", statement, BLOCK)], entities).decide(sent).allowed
