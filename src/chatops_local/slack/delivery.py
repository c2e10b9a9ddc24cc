"""POSTs a request to an endpoint as Slack does, and measures how long the answer takes."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from chatops_local.slack.signing import SignedRequest
    from chatops_local.slack.workspace import RequestUrl

GIVE_UP_SECONDS = 30.0
"""Slack gives up after three seconds; the double listens on, to say how late the answer was."""


@dataclass(frozen=True)
class HttpAnswer:
    """What came back for one delivered request."""

    status: int | None
    """`None`: no answer at all."""
    ms: float
    content_type: str = ""
    body: bytes = b""
    problem: str = ""
    """Why there was no answer."""
    headers: dict[str, str] = field(default_factory=dict)
    """Names in small letters."""


def deliver(request: SignedRequest, to: RequestUrl, *, give_up_after: float = GIVE_UP_SECONDS) -> HttpAnswer:
    """POST `request` over a new connection, as Slack's first request to a sleeping function is."""
    url = urlsplit(to.local_url)
    path = (url.path or "/") + (f"?{url.query}" if url.query else "")
    connection = HTTPConnection(url.hostname or "", url.port, timeout=give_up_after)
    started = time.perf_counter()
    try:
        connection.request("POST", path, request.body, {"Host": to.host, **request.headers})
        response = connection.getresponse()
        body = response.read()
    except (OSError, HTTPException) as error:
        return HttpAnswer(None, _milliseconds_since(started), problem=f"{type(error).__name__}: {error}")
    finally:
        connection.close()
    content_type, headers = response.headers.get_content_type(), {k.lower(): v for k, v in response.headers.items()}
    return HttpAnswer(response.status, _milliseconds_since(started), content_type, body, headers=headers)


def _milliseconds_since(started: float) -> float:
    return (time.perf_counter() - started) * 1000
