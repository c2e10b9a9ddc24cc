"""A request over HTTPS, with what came of it and how long that took.

`urllib.request` takes proxy (`HTTPS_PROXY`) and certificate authorities (`SSL_CERT_FILE`) from the environment.
Redirects are not followed: what is sent, which may be a secret, goes where it is meant to or nowhere.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

if TYPE_CHECKING:
    from collections.abc import Mapping

TIMEOUT_SECONDS = 10.0
LONGEST_ANSWER_BYTES = 100_000


@dataclass(frozen=True)
class Answer:
    """What came of a request.

    Attributes:
        status: The HTTP status; None if there was no answer.
        body: What came with it.
        milliseconds: How long it took.
        error: Why there was no answer; empty if there was one.
        headers: Of the answer; names in lower case.
    """

    status: int | None
    body: bytes = b""
    milliseconds: float = 0.0
    error: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Send `body`.

    Args:
        url: Where to; `https` only.
        body: What.
        headers: Those beside the program's name.
    """
    request = Request(  # noqa: S310 - the scheme is checked in the next line
        url, data=body, headers={"User-Agent": "chatops-constructs", **headers}, method="POST"
    )
    if request.type != "https":
        return Answer(None, error="it is no https URL")
    began = time.monotonic()

    def took() -> float:
        return (time.monotonic() - began) * 1000

    try:
        with build_opener(_RedirectsRefused).open(request, timeout=TIMEOUT_SECONDS) as response:
            content = response.read(LONGEST_ANSWER_BYTES)
            return Answer(response.status, content, took(), headers=_in_lower_case(response.headers))
    except HTTPError as error:
        return Answer(error.code, error.read(LONGEST_ANSWER_BYTES), took(), headers=_in_lower_case(error.headers))
    except TimeoutError:
        return Answer(None, error=f"no answer within {TIMEOUT_SECONDS:.0f} seconds")
    except URLError as error:
        return Answer(None, error=str(error.reason))
    except (OSError, HTTPException) as error:
        return Answer(None, error=type(error).__name__)


def _in_lower_case(headers: Any) -> dict[str, str]:  # noqa: ANN401 - a Message
    return {name.lower(): value for name, value in headers.items()}


class _RedirectsRefused(HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:  # noqa: ANN401 - urllib's signature
        """None: the redirect itself is the answer."""
