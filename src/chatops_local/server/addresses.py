"""Where the public addresses of a deployed app are reached on this machine."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_PUBLIC_HOST = re.compile(r"^[a-z0-9]+\.(execute-api|lambda-url)\.[a-z0-9-]+\.(amazonaws\.com|on\.aws|api\.aws)$")


def local_address(public_url: str, endpoint_url: str) -> tuple[str, str]:
    """The local URL for a public one, and the ``Host`` header that has to go with it.

    The emulator tells APIs and function URLs apart by the host name, as AWS does.

    Args:
        public_url: ``https://….execute-api.….amazonaws.com/…`` or ``https://….lambda-url.….on.aws/…``.
        endpoint_url: where the emulator listens.

    Raises:
        ValueError: for the address of anything else.
    """
    parts = urlsplit(public_url)
    if parts.scheme != "https" or not _PUBLIC_HOST.match(parts.netloc):
        raise ValueError(
            f"public_url must be the https address of an HTTP API or of a function URL, not {public_url!r}"
        )
    query = f"?{parts.query}" if parts.query else ""
    return f"{endpoint_url}{parts.path or '/'}{query}", parts.netloc
