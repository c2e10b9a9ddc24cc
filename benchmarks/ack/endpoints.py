"""AWS and Slack on the loopback interface: what the functions call before they acknowledge."""

from __future__ import annotations

import json
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from benchmarks.ack.request import SECRET

if TYPE_CHECKING:
    from types import TracebackType


class Endpoints:
    """A server that answers at once, and counts what it was asked."""

    def __init__(self) -> None:
        """Listen on a free port."""
        self.calls: Counter[str] = Counter()
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=[0.05], daemon=True)

    def __enter__(self) -> Endpoints:
        """Begin to answer."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def answer(self, path: str, target: str | None) -> tuple[int, dict[str, Any]]:
        """Status and body of one answer.

        Raises:
            ValueError: Nothing that is measured has a reason to ask that.
        """
        name = (target or path).rpartition("/" if target is None else ".")[2]
        self.calls[name] += 1
        if name not in _ANSWERS:
            raise ValueError(f"nobody should have called {path} {target}")
        return _ANSWERS[name]


_ANSWERS: dict[str, tuple[int, dict[str, Any]]] = {
    "GetParameter": (200, {"Parameter": {"Name": "/ops/slack-signing-secret", "Value": SECRET}}),
    "StartExecution": (200, {"executionArn": "arn:aws:states:eu-central-1:123456789012:execution:m:n", "startDate": 1}),
    "invocations": (202, {}),
    "auth.test": (
        200,
        {"ok": True, "url": "https://example.slack.com/", "team": "t", "user": "u", "team_id": "T0123ABCD"}
        | {"user_id": "U0BOT", "bot_id": "B0BOT"},
    ),
}


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, endpoints: Endpoints) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.endpoints = endpoints


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    # One segment per answer, sent at once: with Nagle's algorithm a call costs 40 ms more.
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        status, result = self.server.endpoints.answer(self.path, self.headers.get("X-Amz-Target"))
        body = json.dumps(result).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's signature
        """Not logged."""
