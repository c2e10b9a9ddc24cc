"""Requests, checked against AWS's own service model as botocore carries it.

The model says which members an action has, which are required, and what each may hold (length, range, pattern, set of
values), so none of those limits is written down a second time here.
"""

from __future__ import annotations

import re
import reprlib
from functools import cache
from typing import TYPE_CHECKING, Any

from botocore.loaders import Loader
from botocore.model import ListShape, MapShape, ServiceModel, StructureShape

from .errors import ServiceError, not_emulated

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from botocore.model import Shape

_TYPES: dict[str, type] = {
    "string": str,
    "integer": int,
    "long": int,
    "boolean": bool,
    "structure": dict,
    "map": dict,
    "list": list,
}

_UNICODE_CLASSES = {r"\p{L}": r"\w", r"\p{N}": r"\d", r"\p{Z}": r"\s"}
r"""Java's names for letters, numbers and separators. Python's `re` has no `\p`; these are its nearest classes."""


def check(action: str, request: Mapping[str, Any], emulated: frozenset[str]) -> None:
    """Refuse a request that AWS would refuse for its form, or that holds a member which is not emulated.

    Raises:
        ServiceError: `ValidationException`, naming every member that is wrong, or `NotEmulated`.
    """
    shape = service_model().operation_model(action).input_shape
    problems = list(_problems(shape, dict(request), "")) if shape else []
    if problems:
        raise ServiceError("ValidationException", f"{action}: {'; '.join(problems)}")
    for member in request:
        if member not in emulated:
            raise not_emulated(f"{action}'s {member}", f"leave it out (emulated: {', '.join(sorted(emulated))})")


@cache
def service_model() -> ServiceModel:
    """AWS's description of Systems Manager."""
    return ServiceModel(Loader().load_service_model("ssm", "service-2"), "ssm")


def _problems(shape: Shape, value: object, path: str) -> Iterator[str]:
    if not isinstance(value, _TYPES[shape.type_name]) or (isinstance(value, bool) and shape.type_name != "boolean"):
        yield f"{path or 'the request'} is a {type(value).__name__}, a {shape.type_name} is allowed"
        return
    yield from _limit_problems(shape, value, path)
    if isinstance(shape, StructureShape) and isinstance(value, dict):
        yield from _structure_problems(shape, value, path)
    elif isinstance(shape, ListShape) and isinstance(value, list):
        for index, item in enumerate(value):
            yield from _problems(shape.member, item, f"{path}[{index}]")
    elif isinstance(shape, MapShape) and isinstance(value, dict):
        for key, item in value.items():
            yield from _problems(shape.value, item, f"{path}.{key}")


def _structure_problems(shape: StructureShape, value: Mapping[str, object], path: str) -> Iterator[str]:
    prefix = f"{path}." if path else ""
    for name in shape.required_members:
        if name not in value:
            yield f"{prefix}{name} is missing"
    for name, item in value.items():
        if name in shape.members:
            yield from _problems(shape.members[name], item, f"{prefix}{name}")
        else:
            yield f"{prefix}{name} is unknown (known: {', '.join(shape.members)})"


def _limit_problems(shape: Shape, value: object, path: str) -> Iterator[str]:
    limits = shape.metadata
    shown = f"{path} {reprlib.repr(value)}" if isinstance(value, (str, int)) and not limits.get("sensitive") else path
    size, unit = (value, "a value") if isinstance(value, int) else (_length(value), "a length")
    low, high = limits.get("min", 0), limits.get("max")
    if size is not None and (size < low or (high is not None and size > high)):
        yield f"{shown} has {unit} of {size}, {low} to {'any' if high is None else high} is allowed"
    if "enum" in limits and value not in limits["enum"]:
        yield f"{shown} is none of {', '.join(limits['enum'])}"
    if "pattern" in limits and isinstance(value, str) and not _pattern(limits["pattern"]).fullmatch(value):
        yield f"{shown} does not match {limits['pattern']}"


def _length(value: object) -> int | None:
    return len(value) if isinstance(value, (str, list, dict)) else None


@cache
def _pattern(pattern: str) -> re.Pattern[str]:
    flags = 0 if "\\p" in pattern else re.ASCII  # without them, Java's classes are ASCII
    for java, python in _UNICODE_CLASSES.items():
        pattern = pattern.replace(java, python)
    return re.compile(pattern, flags)
