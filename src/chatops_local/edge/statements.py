"""The statements of rules: whether a request matches.

https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statements-list.html
"""

from __future__ import annotations

import base64
import operator
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from chatops_local.edge.addresses import contains
from chatops_local.edge.fields import values_of
from chatops_local.edge.forwarded_ip import forwarded_addresses
from chatops_local.edge.oversize import Oversize
from chatops_local.edge.transformations import transformed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from chatops_local.edge.rates import Rates
    from chatops_local.edge.web_request import WebRequest


class Entities(Protocol):
    """What rules refer to by ARN, as far as it has reached the edge."""

    def ip_set(self, arn: str) -> Mapping[str, Any]:
        """An IP set as GetIPSet has it."""

    def rule_group(self, arn: str) -> Mapping[str, Any]:
        """A rule group as GetRuleGroup has it."""


@dataclass
class Inspection:
    """One request on its way through a web ACL.

    Args:
        request: the request.
        entities: finds IP sets and rule groups.
        rates: counts requests.
        labels: what earlier rules have put on the request.
    """

    request: WebRequest
    entities: Entities
    rates: Rates
    labels: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Rule:
    """The rule that is being evaluated.

    Args:
        name: its name, with that of its rule group if it has one; requests are counted under it.
        label_prefix: what labels of its web ACL or rule group begin with.
    """

    name: str
    label_prefix: str


def matches(statement: Mapping[str, Any], rule: Rule, inspection: Inspection) -> bool:
    """Whether the request matches a statement.

    Raises:
        RuleNotAppliedError: if the header with the forwarded address is missing.
    """
    kind, settings = next(iter(statement.items()))
    return STATEMENTS[kind](settings, rule, inspection)


def _and(settings: Mapping[str, Any], rule: Rule, inspection: Inspection) -> bool:
    return all(matches(each, rule, inspection) for each in settings["Statements"])


def _or(settings: Mapping[str, Any], rule: Rule, inspection: Inspection) -> bool:
    return any(matches(each, rule, inspection) for each in settings["Statements"])


def _not(settings: Mapping[str, Any], rule: Rule, inspection: Inspection) -> bool:
    return not matches(settings["Statement"], rule, inspection)


def _ip_set(settings: Mapping[str, Any], _rule: Rule, inspection: Inspection) -> bool:
    addresses: Sequence[str] = inspection.entities.ip_set(settings["ARN"])["Addresses"]
    forwarded = settings.get("IPSetForwardedIPConfig")
    if forwarded is None:
        return contains(addresses, inspection.request.source)
    found = forwarded_addresses(forwarded, forwarded["Position"], inspection.request)
    if not found:
        return bool(forwarded["FallbackBehavior"] == "MATCH")
    return any(contains(addresses, address) for address in found)


def _byte_match(settings: Mapping[str, Any], _rule: Rule, inspection: Inspection) -> bool:
    wanted = base64.b64decode(settings["SearchString"])
    test = POSITIONS[settings["PositionalConstraint"]]
    return _any_value(settings, inspection, lambda value: test(value, wanted))


def _size(settings: Mapping[str, Any], _rule: Rule, inspection: Inspection) -> bool:
    compare = _COMPARISONS[settings["ComparisonOperator"]]
    return _any_value(settings, inspection, lambda value: compare(len(value), int(settings["Size"])))


def _any_value(settings: Mapping[str, Any], inspection: Inspection, test: Callable[[bytes], bool]) -> bool:
    try:
        values = values_of(settings["FieldToMatch"], inspection.request)
    except Oversize as oversize:
        return oversize.matches
    return any(test(transformed(value, settings["TextTransformations"])) for value in values)


def _label(settings: Mapping[str, Any], rule: Rule, inspection: Inspection) -> bool:
    """A key without a prefix means the labels of the rule's own web ACL or rule group.

    https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-label-match-examples.html
    """
    keys = (settings["Key"], rule.label_prefix + settings["Key"])
    if settings["Scope"] == "NAMESPACE":
        return any(label.startswith(keys) for label in inspection.labels)
    return any(label in keys for label in inspection.labels)


def _rate(settings: Mapping[str, Any], rule: Rule, inspection: Inspection) -> bool:
    scope_down = settings.get("ScopeDownStatement")
    if scope_down is not None and not matches(scope_down, rule, inspection):
        return False
    kind = settings["AggregateKeyType"]
    key = "all"
    if kind == "IP":
        key = str(inspection.request.source)
    elif kind == "FORWARDED_IP":
        forwarded = settings["ForwardedIPConfig"]
        found = forwarded_addresses(forwarded, "FIRST", inspection.request)
        if not found:
            return bool(forwarded["FallbackBehavior"] == "MATCH")
        key = str(found[0])
    counted = inspection.rates.count((rule.name, key), float(settings.get("EvaluationWindowSec", 300)))
    return counted > int(settings["Limit"])


def _contains_word(value: bytes, wanted: bytes) -> bool:
    return re.search(rb"(?<![A-Za-z0-9_])" + re.escape(wanted) + rb"(?![A-Za-z0-9_])", value) is not None


POSITIONS: dict[str, Callable[[bytes, bytes], bool]] = {
    "EXACTLY": operator.eq,
    "STARTS_WITH": bytes.startswith,
    "ENDS_WITH": bytes.endswith,
    "CONTAINS": operator.contains,
    "CONTAINS_WORD": _contains_word,
}

_COMPARISONS: dict[str, Callable[[int, int], bool]] = {
    "EQ": operator.eq,
    "NE": operator.ne,
    "LE": operator.le,
    "LT": operator.lt,
    "GE": operator.ge,
    "GT": operator.gt,
}

AGGREGATIONS = ("IP", "FORWARDED_IP", "CONSTANT")

STATEMENTS: dict[str, Callable[[Mapping[str, Any], Rule, Inspection], bool]] = {
    "AndStatement": _and,
    "OrStatement": _or,
    "NotStatement": _not,
    "IPSetReferenceStatement": _ip_set,
    "ByteMatchStatement": _byte_match,
    "SizeConstraintStatement": _size,
    "LabelMatchStatement": _label,
    "RateBasedStatement": _rate,
}
"""By the name that rules use. What is not here, nor a reference to a rule group, is refused."""
