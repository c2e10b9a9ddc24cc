"""JSON that is handed on as it is: nothing in it that what it is handed to would not take, or would read otherwise."""

from __future__ import annotations

import json

from chatops_runtime.slack.json_fields import PAYLOAD_MALFORMED, MalformedPayloadError, is_utf8

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

DEEPEST = 64
"""Levels. The blocks of a message have about ten."""

_LARGEST = 2**63


def read(body: bytes) -> dict[str, Any]:
    """The object in `body`.

    Raises:
        MalformedPayloadError: There is none, a name is twice in an object, or `check` refuses it.
    """
    try:
        value = json.loads(body.decode(), object_pairs_hook=_object)
    except (ValueError, RecursionError):
        raise MalformedPayloadError(PAYLOAD_MALFORMED) from None
    if not isinstance(value, dict):
        raise MalformedPayloadError(PAYLOAD_MALFORMED)
    check(value)
    return value


def check(value: object, left: int = DEEPEST) -> None:
    """Refuse what is nested too deeply, has half of a surrogate pair or NUL in a text, or a number of no end.

    Args:
        value: What was read of JSON.
        left: How many levels there may be.

    Raises:
        MalformedPayloadError: It is such a value.
    """
    if not left or not _is_fine(value):
        raise MalformedPayloadError(PAYLOAD_MALFORMED)
    if isinstance(value, dict):
        for name, member in value.items():
            check(name, left)
            check(member, left - 1)
    elif isinstance(value, list):
        for member in value:
            check(member, left - 1)


def _is_fine(value: object) -> bool:
    if isinstance(value, str):
        return "\0" not in value and is_utf8(value)
    if isinstance(value, int | float):
        return -_LARGEST < value < _LARGEST  # which NaN is not either
    return True


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a name is twice in an object")
    return members
