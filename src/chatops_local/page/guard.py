"""Who may ask what: the page types commands that run scripts on this machine, so no other page may.

A site in the same browser can send requests to 127.0.0.1, and with a name of its own that leads there (DNS rebinding)
read the answers too. So the name in `Host` has to be this machine's, and what changes anything has to come from this
page: from its origin, as JSON, which no form can send, and with the token that only this page has.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from email.message import Message

TOKEN_HEADER = "X-Chatops-Local-Token"  # noqa: S105 - the name of a header

_NAMES = ("127.0.0.1", "localhost")
_OWN_SITE = ("same-origin", "none")
"""`none`: typed into the address bar, or a bookmark. https://developer.mozilla.org/docs/Web/HTTP/Headers/Sec-Fetch-Site"""

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)
"""Nothing inline, nothing from elsewhere, and no text that becomes markup."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
}


def refusal_of_request(headers: Message) -> str | None:
    """Why a request is not answered at all; `None` if it is."""
    hosts = headers.get_all("Host") or []
    if len(hosts) != 1 or _name_in(hosts[0]) not in _NAMES:
        return "this page answers under http://127.0.0.1 and http://localhost only"
    return None


def refusal_of_reading(headers: Message) -> str | None:
    """Why what is on the page is not told; `None` if it is. Only browsers send what this looks at."""
    if headers.get("Sec-Fetch-Site", "none") not in _OWN_SITE:
        return "another site's page may not read this one"
    return None


def refusal_of_change(headers: Message, token: str) -> str | None:
    """Why a request may not change anything; `None` if it may."""
    if headers.get("Origin") != f"http://{headers['Host']}":
        return "only this page may do that: the request has another Origin, or none"
    if headers.get_content_type() != "application/json":
        return "only JSON is taken: the request has another Content-Type"
    if not hmac.compare_digest(headers.get(TOKEN_HEADER, "").encode(), token.encode()):
        return "the page is out of date: reload it"
    return None


def _name_in(host: str) -> str | None:
    try:
        return urlsplit(f"http://{host}").hostname
    except ValueError:
        return None
