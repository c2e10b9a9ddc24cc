"""Texts of a template as far as they are known before it is deployed."""

from __future__ import annotations

import re
from typing import Any

_PSEUDO_PARAMETERS = {"AWS::Partition": "aws", "AWS::URLSuffix": "amazonaws.com"}
_REFERENCE = re.compile(r"\$\{([^}!][^}]*)\}")


def plain_text(value: Any) -> str:  # noqa: ANN401 - whatever stands for a text in a template
    """A text in which what is not known yet is written as ``${LogicalId}`` or ``${LogicalId.Attribute}``."""
    if isinstance(value, str):
        return value
    if not isinstance(value, dict) or len(value) != 1:
        return "${?}"
    function, argument = next(iter(value.items()))
    if function == "Ref":
        return _reference(argument)
    if function == "Fn::GetAtt":
        return _reference(argument if isinstance(argument, str) else ".".join(argument))
    if function == "Fn::Join":
        separator, parts = argument
        return str(separator).join(plain_text(part) for part in parts)
    if function == "Fn::Sub":
        template = argument if isinstance(argument, str) else argument[0]
        return _REFERENCE.sub(lambda found: _reference(found[1]), template)
    return "${?}"


def _reference(name: str) -> str:
    return _PSEUDO_PARAMETERS.get(name, f"${{{name}}}")
