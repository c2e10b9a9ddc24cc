"""How a function is told where its secrets are: a variable for each, with its name and never with the secret.

CHATOPS_SECRET_API_KEY = "ssm:/acme/staging/standup/api-key"
CHATOPS_SECRET_DATABASE = "secretsmanager:/acme/staging/standup/database#password"
"""

from __future__ import annotations

VARIABLE_PREFIX = "CHATOPS_SECRET_"

PARAMETER_STORE = "ssm"
SECRETS_MANAGER = "secretsmanager"
"""As the prefixes of their actions."""

_FIELD = "#"
"""Is in no name of either store."""


def variable_of(key: str) -> str:
    """The variable of the secret that handlers ask for by `key`."""
    return VARIABLE_PREFIX + key.upper().replace("-", "_").replace(".", "_")


def reference(store: str, name: str, json_field: str | None = None) -> str:
    """What the variable holds.

    Args:
        store: One of the two.
        name: The name there.
        json_field: Which field of the value is the secret. Default: all of it is.
    """
    return f"{store}:{name}" if json_field is None else f"{store}:{name}{_FIELD}{json_field}"


def parsed(reference: str) -> tuple[str, str, str | None]:
    """Store, name and JSON field."""
    store, _, rest = reference.partition(":")
    name, field, json_field = rest.partition(_FIELD)
    return store, name, json_field if field else None
