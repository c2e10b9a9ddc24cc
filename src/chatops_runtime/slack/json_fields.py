"""Fields of JSON that Slack sends, each held to what it may be."""

from __future__ import annotations

from chatops_runtime.slack.slash_command import is_id

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

PAYLOAD_MALFORMED = "payload_malformed"
FIELD_MISSING = "field_missing"
FIELD_MALFORMED = "field_malformed"

LONGEST_TEXT = 10_000


class MalformedPayloadError(ValueError):
    """A body that Slack does not send. Its text names the reason and the field, never a value."""

    def __init__(self, name: str, field: str | None = None) -> None:
        """Of `name`, one of this module's, about `field` if it is about one."""
        super().__init__(name if field is None else f"{name}: {field}")


def object_of(holder: dict[str, Any], field: str) -> dict[str, Any]:
    """The object in a field; an empty one if there is nothing.

    Raises:
        MalformedPayloadError: It is no object.
    """
    value = holder.get(field)
    return {} if value is None else as_object(value, field)


def as_object(value: object, field: str) -> dict[str, Any]:
    """`value`, which is in the field of that name.

    Raises:
        MalformedPayloadError: It is no object.
    """
    if not isinstance(value, dict):
        raise MalformedPayloadError(FIELD_MALFORMED, field)
    return value


def objects_of(holder: dict[str, Any], field: str) -> Iterator[dict[str, Any]]:
    """The objects in a field's list; none if there is nothing.

    Raises:
        MalformedPayloadError: It is no list of objects.
    """
    values = holder.get(field)
    if values is None:
        return
    if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
        raise MalformedPayloadError(FIELD_MALFORMED, field)
    yield from values


def text_of(holder: dict[str, Any], field: str, *, longest: int = LONGEST_TEXT) -> str:
    """The text in a field; empty if there is none.

    Raises:
        MalformedPayloadError: It is no text, or one that nothing that it is handed to takes.
    """
    value = holder.get(field)
    if value is None:
        return ""
    # JSON can write half a surrogate pair, which nothing that this is handed to takes; nor does it take NUL.
    if not isinstance(value, str) or len(value) > longest or "\0" in value or not is_utf8(value):
        raise MalformedPayloadError(FIELD_MALFORMED, field)
    return value


def is_utf8(text: str) -> bool:
    """Whether a text can be written in UTF-8: it has no half of a surrogate pair."""
    return text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text)


def id_of(holder: dict[str, Any], field: str, *, optional: bool = False) -> str:
    """The id in a field.

    Raises:
        MalformedPayloadError: It is none of Slack's, or there is none and it is not optional.
    """
    value = text_of(holder, field)
    if not value and not optional:
        raise MalformedPayloadError(FIELD_MISSING, field)
    if value and not is_id(value):
        raise MalformedPayloadError(FIELD_MALFORMED, field)
    return value
