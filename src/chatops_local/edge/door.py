"""HTTP on this machine that leads into the local cloud: a connection becomes that of a viewer."""

from __future__ import annotations

import ssl
import sys
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import socket
    from collections.abc import Mapping
    from email.message import Message

_STOP_POLL_SECONDS = 0.02
_MAXIMUM_BODY = 20 * 1024 * 1024
_PER_CONNECTION = frozenset({"connection", "keep-alive", "proxy-connection", "transfer-encoding", "content-length"})


@dataclass(frozen=True)
class Answer:
    """What the local cloud answers."""

    status: int
    headers: Message
    body: bytes


class Forward(Protocol):
    """Sends a request into the local cloud."""

    def __call__(self, method: str, url: str, headers: Mapping[str, str], body: bytes, *, is_ipv6: bool) -> Answer:
        """What comes of it; ``is_ipv6`` is the family of the connection."""


class Door(BaseHTTPRequestHandler):
    """One connection; subclasses say which URL a request is for."""

    protocol_version = "HTTP/1.1"
    timeout = 30
    disable_nagle_algorithm = True
    server: DoorServer

    def url(self) -> str:
        """The URL that the request is for, in the local cloud."""
        raise NotImplementedError

    def handle_request(self) -> None:
        """Pass the request on, and the answer back."""
        size = int(self.headers.get("Content-Length") or 0)
        if size > _MAXIMUM_BODY or "Transfer-Encoding" in self.headers:
            self.close_connection = True
            self.send_error(413)
            return
        body = self.rfile.read(size)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in _PER_CONNECTION}
        is_ipv6 = ":" in self.client_address[0]
        try:
            answer = self.server.forward(self.command, self.url(), headers, body, is_ipv6=is_ipv6)
        except ConnectionError as error:
            # The viewer could not have connected: there is no such name, or none of its family.
            self.close_connection = True
            self._send(502, {"Content-Type": "text/plain; charset=utf-8"}, f"{error}\n".encode())
            return
        self._send(answer.status, answer.headers, answer.body)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = handle_request  # noqa: N815 - http.server's names

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """Log nothing: URLs may be secrets."""

    def version_string(self) -> str:
        """The `Server` header, of answers that are not the local cloud's."""
        return "chatops-local"

    def _send(self, status: int, headers: Any, body: bytes) -> None:  # noqa: ANN401 - a mapping, or a Message
        self.send_response_only(status)
        for name, value in headers.items():
            if name.lower() not in _PER_CONNECTION:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


class DoorServer(ThreadingHTTPServer):
    """Listens on one loopback address.

    Args:
        address: ``127.0.0.1`` or ``::1``, and a port.
        family: the address family.
        handler: the kind of door.
        forward: where requests go.
    """

    daemon_threads = True

    def __init__(
        self, address: tuple[str, int], family: socket.AddressFamily, handler: type[Door], forward: Forward
    ) -> None:
        """Listen, and answer from a thread."""
        self.address_family = family
        super().__init__(address, handler)
        self.forward = forward
        self._thread = threading.Thread(target=self.serve_forever, args=(_STOP_POLL_SECONDS,), daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        """The port."""
        return int(self.server_address[1])

    def stop(self) -> None:
        """Stop listening."""
        self.shutdown()
        self.server_close()
        self._thread.join()

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - socketserver's signature
        """A connection that breaks is the viewer's business; anything else is shown."""
        if not isinstance(sys.exc_info()[1], (OSError, ssl.SSLError)):
            super().handle_error(request, client_address)
