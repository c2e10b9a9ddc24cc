"""Values of a template as plain text, lists and objects, so that two of them can be compared piece by piece."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    Flat = dict[str, "Flat"] | list["Flat"] | str | int | float | bool | None


def flat(value: Flat, labels: Mapping[str, str]) -> Flat:
    """A value without intrinsic functions that only write a text, and with JSON in text read.

    A reference becomes `${Bots/Uploads.Arn}`: what it refers to has the same path in each stage, while a logical id may
    hold a hash of the stage.

    Args:
        value: A part of a template.
        labels: By logical id, the path of what has it.
    """
    if isinstance(value, list):
        return [flat(each, labels) for each in value]
    if isinstance(value, str):
        return _read(value)
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        text = _text(value, labels)
        if text is not None:
            return _read(text)
    return flat_object(value, labels)


def flat_object(value: Mapping[str, Flat], labels: Mapping[str, str]) -> dict[str, Flat]:
    """An object that is no intrinsic function, whatever its one key is called; and what is in it, flat.

    Args:
        value: A part of a template.
        labels: By logical id, the path of what has it.
    """
    return {key: flat(each, labels) for key, each in value.items()}


def _text(value: Mapping[str, Any], labels: Mapping[str, str]) -> str | None:
    """What an intrinsic function writes, or None if it is none of those that only write a text."""
    ((function, argument),) = value.items()
    if function == "Ref":
        return f"${{{labels.get(argument, argument)}}}"
    if function == "Fn::GetAtt":
        id, attribute = argument if isinstance(argument, list) else argument.split(".", 1)
        return f"${{{labels.get(id, id)}.{attribute}}}" if isinstance(attribute, str) else None
    if function == "Fn::Join":
        delimiter, parts = argument
        if not isinstance(parts, list):
            return None
        texts = [part if isinstance(part, str) else _text(part, labels) if len(part) == 1 else None for part in parts]
        return None if None in texts else delimiter.join(text for text in texts if text is not None)
    if function == "Fn::Sub" and isinstance(argument, str):
        for id, label in labels.items():
            argument = argument.replace(f"${{{id}}}", f"${{{label}}}").replace(f"${{{id}.", f"${{{label}.")
        return argument
    return None


def _read(text: str) -> Flat:
    """The JSON that a text is, if it is an object or a list: a difference in it is then told by its place."""
    if text.startswith(("{", "[")):
        try:
            value: Flat = json.loads(text)
        except ValueError:
            return text
        return value
    return text
