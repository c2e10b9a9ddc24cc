"""A secret that is one field of a JSON object, as those that Secrets Manager makes for databases."""

from __future__ import annotations

import json

from chatops_runtime.secrets.errors import SecretError


def field_of(value: str, field: str, name: str) -> str:
    """The text of a field.

    Args:
        value: All that is stored.
        field: The field.
        name: The secret's name, for errors.

    Raises:
        SecretError: There is no such text. Without a cause: the error of the parser holds the value.
    """
    try:
        document = json.loads(value)
    except ValueError:
        raise SecretError(f"{name} is not JSON, and its field {field!r} is asked for: store a JSON object") from None
    found = document.get(field) if isinstance(document, dict) else None
    if not isinstance(found, str):
        raise SecretError(f"{name} has no text in a field {field!r}: store it there, or name another json_field")
    return found
