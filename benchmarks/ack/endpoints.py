"""AWS and Slack on the loopback interface: what the functions call before they acknowledge."""

from __future__ import annotations

import json
import threading
from collections import Counter
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import TYPE_CHECKING, Any

from benchmarks.ack.request import SECRET, SECRET_PARAMETER, SWITCH_PARAMETER

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator
    from types import TracebackType


class Endpoints:
    """A server that answers at once, and counts what it was asked."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        """Listen on a free port, with TLS if there is a context for it."""
        self.calls: Counter[str] = Counter()
        self._tls = tls
        self._server = _Server(self, tls)
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
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self._server.server_address[1]}"

    def answer(self, path: str, target: str) -> bytes:
        """One answer, ready to be sent.

        Raises:
            ValueError: Nothing that is measured has a reason to ask that.
        """
        name = target.rpartition(".")[2] or path.rpartition("/")[2]
        self.calls[name] += 1
        if name not in _RESPONSES:
            raise ValueError(f"nobody should have called {path} {target}")
        return _RESPONSES[name]


_ANSWERS: dict[str, tuple[int, dict[str, Any]]] = {
    "GetParameters": (
        200,
        {
            "Parameters": [
                {"Name": name, "Value": value, "Version": 1, "LastModifiedDate": 1792656000.0}
                for name, value in ((SECRET_PARAMETER, SECRET), (SWITCH_PARAMETER, "on"))
            ]
        },
    ),
    "StartExecution": (200, {"executionArn": "arn:aws:states:eu-central-1:123456789012:execution:m:n", "startDate": 1}),
    "invocations": (202, {}),
    "auth.test": (
        200,
        {"ok": True, "url": "https://example.slack.com/", "team": "t", "user": "u", "team_id": "T0123ABCD"}
        | {"user_id": "U0BOT", "bot_id": "B0BOT"},
    ),
}


def _response(status: int, result: dict[str, Any]) -> bytes:
    body = json.dumps(result).encode()
    head = f"HTTP/1.1 {status} OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


_RESPONSES = {name: _response(*answer) for name, answer in _ANSWERS.items()}


class _Server(ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, endpoints: Endpoints, tls: ssl.SSLContext | None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.endpoints = endpoints
        self._tls = tls

    def finish_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as socketserver has it
        # Here and not at the listening socket: a handshake is to keep nobody else waiting.
        secured = self._tls.wrap_socket(request, server_side=True) if self._tls else request
        super().finish_request(secured, client_address)


class _Handler(StreamRequestHandler):
    """HTTP/1.1 as plain as can be: what is measured should not wait for the one who measures."""

    server: _Server
    disable_nagle_algorithm = True

    def handle(self) -> None:
        while first := self.rfile.readline():
            headers = dict(self._headers())
            self.rfile.read(int(headers.get("content-length", 0)))
            path = first.decode().split()[1]
            self.wfile.write(self.server.endpoints.answer(path, headers.get("x-amz-target", "")))

    def _headers(self) -> Iterator[tuple[str, str]]:
        while line := self.rfile.readline().strip():
            name, _, value = line.decode().partition(":")
            yield name.lower(), value.strip()
