"""`read_secret`: by the variable that `StageSecret.give_to` set, kept in memory for a while."""

from __future__ import annotations

import os
import time

from chatops_runtime.contracts.placeholders import is_placeholder
from chatops_runtime.contracts.secrets import parsed, variable_of
from chatops_runtime.secrets import stores
from chatops_runtime.secrets.errors import SecretError
from chatops_runtime.secrets.json_field import field_of

CACHE_SECONDS = 300.0
"""As long as the bot token is kept. A new value arrives that much later, at the latest."""

_read: dict[str, tuple[str, float]] = {}
"""Secrets and when they were read, by what the variables say. They live as long as Lambda keeps the process."""


def read_secret(key: str, *, fresh: bool = False) -> str:
    """A secret that was given to this function.

    It is read at the first call and again after five minutes. When a service refuses what you got, it may have been
    replaced in between: `read_secret(key, fresh=True)` reads it at once.

    White space around it, such as the line break that `echo` adds, is taken away.

    Example:
        from chatops_runtime import read_secret

        headers = {"Authorization": f"Bearer {read_secret('api-key')}"}

    Args:
        key: The last part of its name: `api-key` of `/acme/staging/standup/api-key`; or the `read_as` of `give_to`.
        fresh: Whether to read it now, whatever is in memory.

    Raises:
        SecretError: It was not given to this function, is missing, may not be read, or is no secret: empty, a
            placeholder such as `changeme`, or not encrypted. The text says what to do.
    """
    reference = os.environ.get(variable_of(key))
    if reference is None:
        raise SecretError(
            f"the secret {key!r} was not given to this function, which has no variable {variable_of(key)}: "
            f"call secret(…, {key!r}).give_to(function) in the stack"
        )
    if not fresh and reference in _read:
        value, read_at = _read[reference]
        if time.monotonic() - read_at < CACHE_SECONDS:
            return value
    _read.pop(reference, None)
    value = _usable(reference)
    _read[reference] = (value, time.monotonic())
    return value


def _usable(reference: str) -> str:
    store, name, json_field = parsed(reference)
    value = stores.read(store, name)
    if json_field is not None:
        value = field_of(value, json_field, name)
    value = value.strip()
    if not value:
        raise SecretError(f"{name} is empty: put the secret there")
    if is_placeholder(value):
        raise SecretError(f"{name} holds a placeholder: put the secret there")
    return value
