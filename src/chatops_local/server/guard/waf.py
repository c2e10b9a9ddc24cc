"""Rules of AWS WAF that are not evaluated here, and protected resources that there are none of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_local.edge.supported import problems_of_rules
from chatops_local.server.template_text import plain_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

IGNORED_MANAGED_RULE_GROUPS = "chatops-local:ignored-managed-rule-groups"
"""The metadata of a web ACL in which a template names, as ``vendor/name``, managed rule groups that are left out here.

In CDK: ``web_acl.add_metadata("chatops-local:ignored-managed-rule-groups", ["AWS/AWSManagedRulesCommonRuleSet"])``.
"""

_COMMON = frozenset({"CustomResponseBodies", "Description", "Name", "Rules", "Scope", "Tags", "VisibilityConfig"})
_PROPERTIES = {
    "AWS::WAFv2::WebACL": _COMMON | {"DefaultAction", "TokenDomains"},
    "AWS::WAFv2::RuleGroup": _COMMON | {"Capacity"},
}


def problems(resource: Mapping[str, Any], resources: Mapping[str, Any]) -> Iterator[str]:
    """Of web ACLs, rule groups and associations: what would be there and do nothing."""
    rule = _RULES.get(resource["Type"])
    if rule is not None:
        yield from rule(resource, resources)


def _rules(resource: Mapping[str, Any], _resources: Mapping[str, Any]) -> Iterator[str]:
    properties: Mapping[str, Any] = resource["Properties"]
    for name in sorted(properties.keys() - _PROPERTIES[resource["Type"]]):
        yield f"property {name} is not emulated; leave it out of what is run locally"
    ignored = resource.get("Metadata", {}).get(IGNORED_MANAGED_RULE_GROUPS, [])
    for problem in problems_of_rules(properties.get("Rules", []), ignored):
        hint = f"; to leave it out here, name it in the metadata {IGNORED_MANAGED_RULE_GROUPS}"
        yield problem + (hint if "managed rule group" in problem else "")


def _association(resource: Mapping[str, Any], _resources: Mapping[str, Any]) -> Iterator[str]:
    arn = plain_text(resource["Properties"]["ResourceArn"])
    if ":apigateway:" not in arn or "/restapis/" not in arn:
        yield f"protecting {arn} is not emulated; AWS WAF protects REST APIs here, and distributions by their WebACLId"


_RULES: dict[str, Callable[[Mapping[str, Any], Mapping[str, Any]], Iterator[str]]] = {
    "AWS::WAFv2::RuleGroup": _rules,
    "AWS::WAFv2::WebACL": _rules,
    "AWS::WAFv2::WebACLAssociation": _association,
}
