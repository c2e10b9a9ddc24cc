"""Slack's ids: which are well formed, and new random secrets in Slack's own shapes."""

from __future__ import annotations

import re
import secrets
import string

_LETTERS = {"team": "T", "app": "A", "user": "UW", "channel": "CDG", "user group": "S"}


def is_id(kind: str, value: str) -> bool:
    """Whether `value` looks like Slack's id of a `team`, `app`, `user`, `channel` or `user group`."""
    return re.fullmatch(f"[{_LETTERS[kind]}][A-Z0-9]{{2,}}", value) is not None


def require_id(kind: str, value: str) -> str:
    """`value`, if it is well formed.

    Raises:
        ValueError: It is not.
    """
    if not is_id(kind, value):
        first = " or ".join(_LETTERS[kind])
        raise ValueError(f"{kind} {value!r}: a Slack {kind} id is {first} and then capital letters and digits")
    return value


def new_signing_secret() -> str:
    """A random signing secret: 32 hexadecimal digits."""
    return secrets.token_hex(16)


def new_bot_token() -> str:
    """A random bot token: `xoxb-`, two numbers and 24 letters or digits."""
    return f"xoxb-{new_number(12)}-{new_number(13)}-{new_word(24)}"


def new_trigger_id() -> str:
    """A random trigger_id: two numbers and 32 digits."""
    return f"{new_number(13)}.{new_number(13)}.{new_number(16)}{new_number(16)}"


def new_event_id() -> str:
    """A random event_id: `Ev` and 11 capital letters or digits."""
    return "Ev" + "".join(secrets.choice(string.ascii_uppercase + string.digits) for _ in range(11))


def new_word(length: int) -> str:
    """Random letters and digits."""
    return "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(length))


def new_number(digits: int) -> str:
    """A random number of that many digits, as text."""
    return str(secrets.choice(range(10 ** (digits - 1), 10**digits)))
