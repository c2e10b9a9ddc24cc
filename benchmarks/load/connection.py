"""One client's connection to the endpoint, kept alive, as a load generator keeps it."""

from __future__ import annotations

import time
from http.client import HTTPConnection, HTTPException
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from chatops_local.slack import HttpAnswer

if TYPE_CHECKING:
    from types import TracebackType

    from chatops_local.slack import RequestUrl, SignedRequest

GIVE_UP_SECONDS = 30.0
"""Slack gives up after three seconds. What is late is counted apart from what never comes."""


class Connection:
    """Sends signed requests, one after the other. `wrk` and its kind send the same bytes over and over again."""

    def __init__(self, to: RequestUrl) -> None:
        """Connect at the first request, and again after an error."""
        url = urlsplit(to.local_url)
        self._path, self._host = url.path or "/", to.host
        self._http = HTTPConnection(url.hostname or "", url.port, timeout=GIVE_UP_SECONDS)
        self.opened = 0

    def post(self, request: SignedRequest) -> HttpAnswer:
        """The answer, or why there was none."""
        started = time.perf_counter()
        self.opened += self._http.sock is None
        try:
            self._http.request("POST", self._path, request.body, {"Host": self._host, **request.headers})
            response = self._http.getresponse()
            body = response.read()
        except (OSError, HTTPException) as error:
            self._http.close()
            return HttpAnswer(None, _since(started), problem=f"{type(error).__name__}: {error}")
        return HttpAnswer(response.status, _since(started), response.headers.get_content_type(), body)

    def __enter__(self) -> Connection:
        """Not connected yet."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Hang up."""
        self._http.close()


def _since(started: float) -> float:
    return (time.perf_counter() - started) * 1000
