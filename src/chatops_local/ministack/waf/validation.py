"""Requests are checked against the API's own model, as the service does before anything else."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import botocore.session

from chatops_local.ministack.waf.errors import WafError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping


_JAVA_ONLY = r"\p{"
"""Classes of characters that Python does not know: in the patterns of tags, which are not checked."""


@lru_cache(maxsize=1)
def _service_model() -> Any:  # noqa: ANN401 - botocore has no types
    return botocore.session.get_session().get_service_model("wafv2")


def validate(operation: str, request: Mapping[str, Any]) -> None:
    """Refuse what the model does not allow.

    Args:
        operation: such as ``UpdateIPSet``.
        request: its parameters.

    Raises:
        WafError: ``ValidationException`` with everything that is wrong.
    """
    shape = _service_model().operation_model(operation).input_shape
    problems = list(_problems(request, shape, ""))
    if problems:
        count = f"{len(problems)} validation error{'s' if len(problems) > 1 else ''} detected"
        raise WafError("ValidationException", f"{count}: {'; '.join(problems)}")


def _problems(value: Any, shape: Any, path: str) -> Iterator[str]:  # noqa: ANN401 - JSON and a botocore shape
    rule = _RULES.get(shape.type_name)
    if rule is None:
        return
    if not isinstance(value, _TYPES[shape.type_name]) or (isinstance(value, bool) and shape.type_name != "boolean"):
        yield f"Value at '{path}' failed to satisfy constraint: Member must be a {shape.type_name}"
        return
    yield from rule(value, shape, path)


def _structure(value: Any, shape: Any, path: str) -> Iterator[str]:  # noqa: ANN401
    for name in shape.required_members:
        if value.get(name) is None:
            yield f"Value null at '{_member(path, name)}' failed to satisfy constraint: Member must not be null"
    for name, member in value.items():
        if name in shape.members and member is not None:
            yield from _problems(member, shape.members[name], _member(path, name))


def _list(value: Any, shape: Any, path: str) -> Iterator[str]:  # noqa: ANN401
    yield from _length(value, shape, path)
    for index, item in enumerate(value, 1):
        yield from _problems(item, shape.member, f"{path}.{index}.member")


def _map(value: Any, shape: Any, path: str) -> Iterator[str]:  # noqa: ANN401
    for key, item in value.items():
        yield from _problems(key, shape.key, f"{path}.{key}")
        yield from _problems(item, shape.value, f"{path}.{key}")


def _string(value: Any, shape: Any, path: str) -> Iterator[str]:  # noqa: ANN401
    yield from _length(value, shape, path)
    pattern = shape.metadata.get("pattern")
    if shape.enum and value not in shape.enum:
        yield _violation(value, path, f"Member must satisfy enum value set: [{', '.join(shape.enum)}]")
    if pattern and _JAVA_ONLY not in pattern and not re.search(pattern, value, re.ASCII):
        yield _violation(value, path, f"Member must satisfy regular expression pattern: {pattern}")


def _integer(value: Any, shape: Any, path: str) -> Iterator[str]:  # noqa: ANN401
    if value < shape.metadata.get("min", value):
        yield _violation(value, path, f"Member must have value greater than or equal to {shape.metadata['min']}")
    if value > shape.metadata.get("max", value):
        yield _violation(value, path, f"Member must have value less than or equal to {shape.metadata['max']}")


def _length(value: Any, shape: Any, path: str) -> Iterator[str]:  # noqa: ANN401
    limits = shape.metadata
    if len(value) < limits.get("min", 0):
        yield _violation(value, path, f"Member must have length greater than or equal to {limits['min']}")
    if len(value) > limits.get("max", len(value)):
        yield _violation(value, path, f"Member must have length less than or equal to {limits['max']}")


def _member(path: str, name: str) -> str:
    own = name[:1].lower() + name[1:]
    return f"{path}.{own}" if path else own


def _violation(value: object, path: str, constraint: str) -> str:
    return f"Value '{value}' at '{path}' failed to satisfy constraint: {constraint}"


_TYPES: dict[str, type | tuple[type, ...]] = {
    "structure": dict,
    "list": list,
    "map": dict,
    "string": str,
    "integer": int,
    "long": int,
    "boolean": bool,
}
_RULES: dict[str, Callable[[Any, Any, str], Iterator[str]]] = {
    "structure": _structure,
    "list": _list,
    "map": _map,
    "string": _string,
    "integer": _integer,
    "long": _integer,
    "boolean": lambda _value, _shape, _path: iter(()),
}
