"""The parameters that a command document declares, and the values that a command gives them.

https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-syntax-data-elements-parameters.html
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from .errors import ServiceError, not_emulated
from .interpolation import has_ssm_reference

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ParameterValue = str | list[str] | int | bool
"""A String, StringList, Integer or Boolean, as the agent receives it."""

_NAME = re.compile("[a-zA-Z0-9]+")
"""The agent replaces parameters of such names only (amazon-ssm-agent, docparser/parameters: `paramNameRegex`)."""

_TYPES = ("String", "StringList", "Integer", "Boolean")
_BOUNDS = ("minChars", "maxChars", "minItems", "maxItems")
_MEMBERS = frozenset({
    "type", "description", "default", "allowedValues", "allowedPattern", "displayType", "interpolationType", *_BOUNDS,
})  # fmt: skip


@dataclass(frozen=True)
class DocumentParameter:
    """One declared parameter. Without a default it is required."""

    name: str
    type: str
    description: str
    default: ParameterValue | None
    allowed_values: tuple[str, ...]
    allowed_pattern: str
    bounds: Mapping[str, int]
    is_environment_variable: bool
    """`interpolationType: ENV_VAR`: agents >= 3.3.2746.0 set `SSM_<name>`, and still replace `{{ name }}`."""

    @classmethod
    def read(cls, name: str, declared: object) -> DocumentParameter:
        """The parameter that a document declares as `declared`.

        Raises:
            ServiceError: `InvalidDocumentContent`, or `NotEmulated`.
        """
        members = _checked(name, declared)
        return cls(
            name=name,
            type=members["type"],
            description=members.get("description", ""),
            default=_default(name, members),
            allowed_values=tuple(str(value) for value in members.get("allowedValues", ())),
            allowed_pattern=members.get("allowedPattern", ""),
            bounds={bound: int(members[bound]) for bound in _BOUNDS if bound in members},
            is_environment_variable=members.get("interpolationType") == "ENV_VAR",
        )

    def parse(self, given: Sequence[str]) -> ParameterValue:
        """The value of `given`, SendCommand's list of strings, if it is allowed.

        A value with a reference to the Parameter Store is checked by the agent, once it is resolved.

        Raises:
            ServiceError: `InvalidParameters`, without the value, since it may be a secret.
        """
        if self.type != "StringList" and len(given) != 1:
            raise self._invalid(f"one value is allowed, {len(given)} were given")
        if any(has_ssm_reference(text) for text in given):
            return list(given) if self.type == "StringList" else given[0]
        if self.allowed_values and not set(given) <= set(self.allowed_values):
            raise self._invalid(f"allowed values are {', '.join(self.allowed_values)}")
        # The service demands that the pattern matches the whole value; see AWS-RunShellScript's pattern, which has
        # no anchors and is meant so.
        if self.allowed_pattern and not all(re.fullmatch(self.allowed_pattern, text) for text in given):
            raise self._invalid(f"the value does not match the allowed pattern {self.allowed_pattern}")
        self._check_bounds(given)
        return self._typed(given)

    def description_for_api(self) -> dict[str, str]:
        """The parameter as DescribeDocument shows it."""
        described = {"Name": self.name, "Type": self.type, "Description": self.description}
        if self.default is not None:
            described["DefaultValue"] = self.default if isinstance(self.default, str) else json.dumps(self.default)
        return described

    def _check_bounds(self, given: Sequence[str]) -> None:
        unit, size = ("Items", len(given)) if self.type == "StringList" else ("Chars", len(given[0]))
        if size < self.bounds.get(f"min{unit}", size):
            raise self._invalid(f"min{unit} is {self.bounds[f'min{unit}']}, {size} were given")
        if size > self.bounds.get(f"max{unit}", size):
            raise self._invalid(f"max{unit} is {self.bounds[f'max{unit}']}, {size} were given")

    def _typed(self, given: Sequence[str]) -> ParameterValue:
        if self.type == "StringList":
            return list(given)
        if self.type == "Integer":
            if not re.fullmatch("[+-]?[0-9]+", given[0]):
                raise self._invalid("a whole number is allowed")
            return int(given[0])
        if self.type == "Boolean":
            if given[0] not in {"true", "false"}:
                raise self._invalid("true and false are allowed")
            return given[0] == "true"
        return given[0]

    def _invalid(self, problem: str) -> ServiceError:
        return ServiceError("InvalidParameters", f"parameter {self.name} of type {self.type}: {problem}")


def values_for(
    declared: Mapping[str, DocumentParameter], given: Mapping[str, Sequence[str]]
) -> dict[str, ParameterValue]:
    """The value of every declared parameter: given, else its default.

    Raises:
        ServiceError: `InvalidParameters`: one is unknown, missing, or has a value that is not allowed.
    """
    for name in given:
        if name not in declared:
            known = ", ".join(declared) or "none"
            raise ServiceError("InvalidParameters", f"the document has no parameter {name} (it has: {known})")
    values: dict[str, ParameterValue] = {}
    for name, parameter in declared.items():
        if name in given:
            values[name] = parameter.parse(given[name])
        elif parameter.default is None:
            raise ServiceError("InvalidParameters", f"parameter {name} is required: it has no default")
        else:
            values[name] = parameter.default
    return values


def _checked(name: str, declared: object) -> dict[str, Any]:
    if not _NAME.fullmatch(name):
        raise _content_error(name, "letters and digits are allowed in a name: the agent replaces no other {{ name }}")
    if not isinstance(declared, dict):
        raise _content_error(name, "an object with a type is allowed")
    unknown = sorted(set(declared) - _MEMBERS)
    if unknown:
        raise not_emulated(
            f"member {unknown[0]} of parameter {name}", f"known members are {', '.join(sorted(_MEMBERS))}"
        )
    if declared.get("type") not in _TYPES:
        raise not_emulated(f"type {declared.get('type')!r} of parameter {name}", f"known types are {', '.join(_TYPES)}")
    _check_interpolation_type(name, declared)
    _check_pattern(name, declared.get("allowedPattern", ""))
    return declared


def _check_interpolation_type(name: str, declared: Mapping[str, Any]) -> None:
    kind = declared.get("interpolationType", "STRING")
    if kind not in {"STRING", "ENV_VAR"}:
        raise _content_error(name, f"interpolationType {kind!r}: ENV_VAR and STRING are allowed")
    if kind == "ENV_VAR" and declared["type"] != "String":
        raise _content_error(name, f"interpolationType ENV_VAR is for type String, not for {declared['type']}")


def _check_pattern(name: str, pattern: str) -> None:
    try:
        re.compile(pattern)
    except re.error as error:
        raise _content_error(name, f"allowedPattern {pattern!r} is no regular expression: {error}") from None


def _default(name: str, declared: Mapping[str, Any]) -> ParameterValue | None:
    default = declared.get("default")
    kinds = {"String": str, "StringList": list, "Integer": int, "Boolean": bool}
    if default is not None and not isinstance(default, kinds[declared["type"]]):
        raise _content_error(name, f"the default {default!r} is no {declared['type']}")
    return cast("ParameterValue | None", default)


def _content_error(name: str, problem: str) -> ServiceError:
    return ServiceError("InvalidDocumentContent", f"parameter {name!r}: {problem}")
