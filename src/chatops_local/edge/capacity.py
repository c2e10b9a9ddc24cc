"""Web ACL capacity units (WCU) of rules.

https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statements-list.html and the page of each statement.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

MAXIMUM = 5_000
"""Of a web ACL, and of a rule group: https://docs.aws.amazon.com/waf/latest/developerguide/limits.html"""

_TRANSFORMATION = 10
_ALL_ARGUMENTS = 10
_BYTE_MATCH = {"EXACTLY": 2, "STARTS_WITH": 2, "ENDS_WITH": 2, "CONTAINS": 10, "CONTAINS_WORD": 10}
_ANY_POSITION = 5


def capacity_of(rules: Iterable[Mapping[str, Any]], group_capacity: Callable[[str], int]) -> int:
    """What rules take.

    Args:
        rules: rules of a web ACL or of a rule group.
        group_capacity: the capacity of a rule group, by its ARN.
    """
    return sum(_statement(rule["Statement"], group_capacity) for rule in rules)


def _statement(statement: Mapping[str, Any], group_capacity: Callable[[str], int]) -> int:
    kind, settings = next(iter(statement.items()))
    nested = [*settings.get("Statements", [])]
    nested += [settings[name] for name in ("Statement", "ScopeDownStatement") if name in settings]
    own = 0
    if kind == "IPSetReferenceStatement":
        forwarded = settings.get("IPSetForwardedIPConfig", {})
        own = _ANY_POSITION if forwarded.get("Position") == "ANY" else 1
    elif kind == "ByteMatchStatement":
        own = _BYTE_MATCH[settings["PositionalConstraint"]] + _inspection(settings)
    elif kind == "SizeConstraintStatement":
        own = 1 + _inspection(settings)
    elif kind == "RateBasedStatement":
        own = 2
    elif kind == "LabelMatchStatement":
        own = 1
    elif kind == "RuleGroupReferenceStatement":
        own = group_capacity(settings["ARN"])
    return own + sum(_statement(each, group_capacity) for each in nested)


def _inspection(settings: Mapping[str, Any]) -> int:
    transformations = [each for each in settings["TextTransformations"] if each["Type"] != "NONE"]
    everything = _ALL_ARGUMENTS if "AllQueryArguments" in settings["FieldToMatch"] else 0
    return _TRANSFORMATION * len(transformations) + everything
