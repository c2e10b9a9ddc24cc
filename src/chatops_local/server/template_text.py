"""Texts of a template as far as they are known before it is deployed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_PSEUDO_PARAMETERS = {"AWS::Partition": "aws", "AWS::URLSuffix": "amazonaws.com"}
_REFERENCE = re.compile(r"\$\{([^}!][^}]*)\}")


def plain_text(value: Any) -> str:  # noqa: ANN401 - whatever stands for a text in a template
    """A text in which what is not known yet is written as ``${LogicalId}`` or ``${LogicalId.Attribute}``."""
    if isinstance(value, str):
        return value
    if not isinstance(value, dict) or len(value) != 1:
        return _UNKNOWN
    function, argument = next(iter(value.items()))
    rule = _FUNCTIONS.get(function)
    return _UNKNOWN if rule is None else rule(argument)


def type_of(reference: object, resources: Mapping[str, Any]) -> str | None:
    """The type of the resource that a property refers to; None if it is not in the template."""
    logical_id = plain_text(reference).removeprefix("${").partition("}")[0].partition(".")[0]
    found: str | None = resources.get(logical_id, {}).get("Type")
    return found


def _joined(argument: Any) -> str:  # noqa: ANN401 - the argument of an intrinsic function
    separator, parts = argument
    return str(separator).join(plain_text(part) for part in parts)


def _substituted(argument: Any) -> str:  # noqa: ANN401 - the argument of an intrinsic function
    template = argument if isinstance(argument, str) else argument[0]
    return _REFERENCE.sub(lambda found: _reference(found[1]), template)


def _attribute(argument: Any) -> str:  # noqa: ANN401 - the argument of an intrinsic function
    return _reference(argument if isinstance(argument, str) else ".".join(argument))


def _reference(name: str) -> str:
    return _PSEUDO_PARAMETERS.get(name, f"${{{name}}}")


_UNKNOWN = "${?}"
_FUNCTIONS: dict[str, Callable[[Any], str]] = {
    "Ref": _reference,
    "Fn::GetAtt": _attribute,
    "Fn::Join": _joined,
    "Fn::Sub": _substituted,
}


def referenced(value: Any) -> str:  # noqa: ANN401 - whatever stands for a reference in a template
    """The logical id that a Ref or a Fn::GetAtt means; empty if it is neither."""
    if not isinstance(value, dict):
        return ""
    if "Ref" in value:
        return str(value["Ref"])
    attribute = value.get("Fn::GetAtt", "")
    return str(attribute[0] if isinstance(attribute, list) else attribute.partition(".")[0])
