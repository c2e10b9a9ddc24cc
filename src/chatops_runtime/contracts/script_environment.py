"""How environment variables travel to a script on an instance: as text that no shell and no agent can misread.

Each variable is a line `NAME=<base64 of the value's UTF-8>`; the lines together are base64-encoded once more, so what
Systems Manager carries is `[A-Za-z0-9+/=]*`: inert to the shell and to the agent's own `{{ }}` and `$$` rules. Lines
instead of JSON since the decoder has to be a few lines of POSIX shell: instances have no `jq` for certain, nor Python.
"""

from __future__ import annotations

from base64 import b64encode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

PARAMETER = "Environment"
"""The document's parameter that carries it."""

ALLOWED_PATTERN = "^[A-Za-z0-9+/=]*$"


def encode(variables: Mapping[str, str]) -> str:
    """The parameter's value for `variables`.

    Raises:
        ValueError: A name is no environment variable's name (ASCII letters, digits and `_`), or a value holds NUL.
    """
    lines = []
    for name, value in variables.items():
        if not (name.isascii() and name.isidentifier()):
            raise ValueError(f"environment variable name {name!r}: ASCII letters, digits and _ are allowed")
        if "\0" in value:
            raise ValueError(f"environment variable {name}: an environment cannot hold NUL")
        lines.append(f"{name}={b64encode(value.encode()).decode()}\n")
    return b64encode("".join(lines).encode()).decode()
