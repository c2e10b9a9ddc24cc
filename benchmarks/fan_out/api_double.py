"""An API that takes so many calls at a time and begins so many in a second, and says 429 to whatever is over."""

from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing_extensions import Self

TOLERANCE = 1.05
"""The rate may be exceeded by so much within any second."""


@dataclass
class Calls:
    """What an API has seen.

    Attributes:
        begun: When each call came that was taken, in seconds of a clock that only goes forward.
        done: How often each job was done.
        refused: How many calls were answered with 429.
        parallel: The most calls at a time, refused ones among them.
        in_a_second: The most calls within a second, refused ones among them.
        last: When the last call that was taken ended.
    """

    begun: list[float] = field(default_factory=list)
    done: dict[str, int] = field(default_factory=dict)
    refused: int = 0
    parallel: int = 0
    in_a_second: int = 0
    last: float = 0.0


class ApiDouble:
    """The API, on 127.0.0.1; it is a context manager."""

    def __init__(self, latency: float) -> None:
        """Answer after so many seconds."""
        self._latency = latency
        self._parallel = 0
        self._most_parallel = 0
        self._most_in_a_second = 0.0
        self._recent: deque[float] = deque()
        self._lock = threading.Lock()
        self.calls = Calls()
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> Self:
        """Begin to listen."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self._server.shutdown()
        self._server.server_close()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.server_address[1])

    def begin(self, *, parallel: int, per_second: float) -> Calls:
        """Allow so many calls at a time, and within a second, and count anew."""
        with self._lock:
            self._most_parallel, self._most_in_a_second = parallel, per_second * TOLERANCE
            self._recent.clear()
            self.calls = Calls()
            return self.calls

    def _enter(self) -> bool:
        with self._lock:
            now = time.monotonic()
            while self._recent and self._recent[0] <= now - 1:
                self._recent.popleft()
            self._recent.append(now)
            self._parallel += 1
            calls = self.calls
            calls.parallel = max(calls.parallel, self._parallel)
            calls.in_a_second = max(calls.in_a_second, len(self._recent))
            fine = self._parallel <= self._most_parallel and len(self._recent) <= self._most_in_a_second
            if fine:
                calls.begun.append(now)
            else:
                calls.refused += 1
                # What is refused takes nothing of the rate.
                self._recent.pop()
            return fine

    def _leave(self, job: str, *, done: bool) -> None:
        with self._lock:
            self._parallel -= 1
            if done:
                self.calls.done[job] = self.calls.done.get(job, 0) + 1
                self.calls.last = time.monotonic()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        api = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                job = self.rfile.read(int(self.headers["Content-Length"])).decode()
                fine = api._enter()
                try:
                    if fine:
                        time.sleep(api._latency)
                finally:
                    # Before the answer: whoever has it may call again at once.
                    api._leave(job, done=fine)
                self.send_response(200 if fine else 429)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256
