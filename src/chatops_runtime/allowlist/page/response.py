"""The page as an HTTP API's response, payload format 2.0: all of it in one, under a strict policy."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from functools import cache
from pathlib import Path
from string import Template
from typing import Any

from chatops_runtime.allowlist.page import language as languages

_FOLDER = Path(__file__).parent
_URL = re.compile(r"(?P<origin>https?://(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(?::[0-9]{1,5})?)/?")
_CODE = re.compile(r"`([^`]+)`")

_SCRIPT = ("words", "requests", "panels", "flow")
"""Its parts, which come as one: two scripts in a page could not import each other."""

_HEADERS = {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "vary": "Accept-Language",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "strict-transport-security": "max-age=63072000",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


def page(*, url: str, ipv4_url: str, valid_seconds: int, accept_language: str | None) -> dict[str, Any]:
    """The response to a GET of the page, in the language that the browser asks for.

    Args:
        url: Of the host reached over both families, which serves the page.
        ipv4_url: Of the host without IPv6.
        valid_seconds: How long a registration holds.
        accept_language: What the browser sent under that name, or None.

    Raises:
        ValueError: One of the two URLs is not of a scheme and a host alone.
    """
    language = languages.choose(accept_language)
    origin, ipv4_origin = _origin("url", url), _origin("ipv4_url", ipv4_url)
    body = Template(_file("page.html")).substitute(
        _parts(language), url=html.escape(origin), ipv4_url=html.escape(ipv4_origin), valid_seconds=int(valid_seconds)
    )
    headers = {**_HEADERS, "content-language": language, "content-security-policy": _policy(ipv4_origin)}
    return {"statusCode": 200, "headers": headers, "body": body}


def _origin(parameter: str, url: str) -> str:
    found = _URL.fullmatch(url)
    if found is None:
        raise ValueError(
            f"{parameter}: {url!r} is not allowed; allowed: http or https, a host and perhaps a port; "
            "give the URL of the HTTP API's $default stage, without a path"
        )
    return found["origin"]


def _policy(ipv4_origin: str) -> str:
    """Nothing but what is in the page may run, and it may speak to the two hosts only."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {_hash(_script())}",
            f"style-src {_hash(_file('page.css'))}",
            f"connect-src 'self' {ipv4_origin}",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )


@cache
def _parts(language: str) -> dict[str, str]:
    """What stands in the page in a language, whichever allow-list it is of."""
    texts = json.loads(_file(f"texts/{language}.json"))
    return {
        "language": language,
        "style": _file("page.css"),
        "script": _script(),
        # JSON is no script to the policy, yet "</script>" would end it.
        "script_texts": json.dumps(texts["script"], ensure_ascii=False).replace("<", "\\u003c"),
        **{name: _CODE.sub(r"<code>\1</code>", html.escape(text)) for name, text in texts["page"].items()},
    }


@cache
def _script() -> str:
    return "\n".join(_file(f"script/{name}.js") for name in _SCRIPT)


@cache
def _file(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


@cache
def _hash(text: str) -> str:
    """As a policy names what is written into a page: https://www.w3.org/TR/CSP3/#grammardef-hash-source."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
