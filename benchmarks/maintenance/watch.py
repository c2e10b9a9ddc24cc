"""An end user who asks for the site again and again, until it is closed."""

from __future__ import annotations

import time
from threading import Event, Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Self

    from chatops_local.server import Server

END_USER = "198.51.100.9"
CLOSED = 503

_EACH_SECONDS = 0.01
_PATIENCE_SECONDS = 120.0


class Watch:
    """Asks from the beginning of a `with` block on, and measures how long it takes until the first 503."""

    def __init__(self, server: Server, host: str) -> None:
        """Look at a site that is open."""
        self._server = server
        self._host = host
        self._seen = Event()
        self._began = self._closed_at = 0.0

    def __enter__(self) -> Self:
        """Start asking."""
        status = self._server.edge.get(self._host, viewer=END_USER).status
        if status == CLOSED:
            raise RuntimeError(f"{self._host} is closed already")
        self._began = time.monotonic()
        Thread(target=self._ask, name="end-user", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Wait for the answer that is waited for, unless something went wrong."""
        if kind is None and not self._seen.wait(_PATIENCE_SECONDS):
            raise TimeoutError(f"{self._host} is not closed after {_PATIENCE_SECONDS:g} s")
        self._seen.set()

    @property
    def seconds(self) -> float:
        """From the beginning to the first 503."""
        return self._closed_at - self._began

    def _ask(self) -> None:
        while not self._seen.wait(_EACH_SECONDS):
            if self._server.edge.get(self._host, viewer=END_USER).status == CLOSED:
                self._closed_at = time.monotonic()
                self._seen.set()
