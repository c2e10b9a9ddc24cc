"""What of rules is evaluated here. Everything else is named, so that it can be refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_local.edge.fields import FIELDS
from chatops_local.edge.statements import AGGREGATIONS, POSITIONS, STATEMENTS
from chatops_local.edge.transformations import TRANSFORMATIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_REFERENCE = "RuleGroupReferenceStatement"
_MANAGED = "ManagedRuleGroupStatement"
_ACTIONS = ("Allow", "Block", "Count")
_RULE_SETTINGS = ("CaptchaConfig", "ChallengeConfig")


def problems_of_rules(rules: Iterable[Mapping[str, Any]], ignored: Iterable[str] = ()) -> Iterator[str]:
    """Everything in rules that is not evaluated, each with the name of its rule.

    Args:
        rules: of a web ACL or a rule group, as the API or a template has them.
        ignored: managed rule groups, as ``vendor/name``, that are left out knowingly.
    """
    for rule in rules:
        for problem in [*_rule(rule), *_statement(rule.get("Statement", {}), tuple(ignored))]:
            yield f"rule {rule.get('Name')!r}: {problem}"


def _rule(rule: Mapping[str, Any]) -> Iterator[str]:
    overrides = rule.get("Statement", {}).get(_REFERENCE, {}).get("RuleActionOverrides", [])
    for action in [rule.get("Action", {}), *(each.get("ActionToUse", {}) for each in overrides)]:
        yield from (f"action {name} is not emulated" for name in action if name not in _ACTIONS)
    yield from (f"{name} is not emulated" for name in _RULE_SETTINGS if name in rule)


def _statement(statement: Mapping[str, Any], ignored: tuple[str, ...]) -> Iterator[str]:
    for kind, settings in statement.items():
        if kind == _MANAGED:
            name = f"{settings.get('VendorName')}/{settings.get('Name')}"
            if name not in ignored:
                yield f"managed rule group {name} is not emulated"
        elif kind not in (_REFERENCE, *STATEMENTS):
            yield f"{kind} is not emulated"
        else:
            yield from _settings(settings)
            for nested in _nested(settings):
                yield from _statement(nested, ignored)


def _nested(settings: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [
        *settings.get("Statements", []),
        *(settings[n] for n in ("Statement", "ScopeDownStatement") if n in settings),
    ]


def _settings(settings: Mapping[str, Any]) -> Iterator[str]:
    for field in settings.get("FieldToMatch", {}):
        if field not in FIELDS:
            yield f"field to match {field} is not emulated"
    for each in settings.get("TextTransformations", []):
        if each.get("Type") not in TRANSFORMATIONS:
            yield f"text transformation {each.get('Type')} is not emulated"
    if settings.get("PositionalConstraint", "EXACTLY") not in POSITIONS:
        yield f"positional constraint {settings['PositionalConstraint']} is not emulated"
    if settings.get("AggregateKeyType", "IP") not in AGGREGATIONS:
        yield f"aggregation on {settings['AggregateKeyType']} is not emulated"
