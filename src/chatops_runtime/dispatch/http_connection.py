"""HTTP/1.1 to one host, as far as a POST to an AWS service needs it, on a connection that is kept alive.

Not `http.client`, which imports the whole of `email` to read a few headers: a tenth of a cold start. Its server is what
the tests hold this to.
"""

from __future__ import annotations

import socket
import ssl
import time

from chatops_runtime.dispatch import trust

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_LONGEST_HEAD_BYTES = 65_536
_LONGEST_BODY_BYTES = 1_048_576  # GetParameter and StartExecution answer with a few hundred
_MOST_RECEIVED_BYTES = 65_536
_HEAD_END = b"\r\n\r\n"
_LINE_END = b"\r\n"


class ConnectionEndedError(ConnectionError):
    """The host ended the connection before it had answered in full."""


class MalformedResponseError(OSError):
    """What the host sent is no HTTP/1.1 response, or a longer one than any of AWS's."""


class HttpResponse:
    """What the host answered."""

    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        """Of its parts; the names of headers in lower case."""
        self.status = status
        self.headers = headers
        self.body = body


class HttpConnection:
    """A connection, opened when it is first needed and whenever it has ended."""

    def __init__(self, host: str, port: int, *, tls: bool) -> None:
        """To a host and port, without connecting yet."""
        # As bytes: `socket` and `ssl` hand a text to the codec `idna`, whose tables are a twentieth of a cold start.
        self._host = host.encode("ascii")
        self._port = port
        self._tls = tls
        self._socket: socket.socket | None = None
        self._received = bytearray()
        self._until = 0.0

    @property
    def is_open(self) -> bool:
        """Whether there is a connection; the host may have ended it meanwhile."""
        return self._socket is not None

    def post(self, headers: Mapping[str, str], body: bytes, timeout: float) -> HttpResponse:
        """The answer to a POST to `/`.

        Args:
            headers: All but `content-length`.
            body: What to send.
            timeout: How many seconds everything may take: to connect, to send, and to receive the answer in full.

        Raises:
            ValueError: A header has more than one line.
            OSError: The host could not be reached, did not answer in time, or not with HTTP.
        """
        self._until = time.monotonic() + timeout
        head = "".join(f"{name}: {_one_line(name, value)}\r\n" for name, value in headers.items())
        request = f"POST / HTTP/1.1\r\n{head}content-length: {len(body)}\r\n\r\n".encode("latin-1") + body
        try:
            self._connected().sendall(request)
            response = self._response()
        except BaseException:
            self.close()
            raise
        if self._received or _ends(response.headers):
            self.close()
        return response

    def close(self) -> None:
        """End the connection; the next request opens another one."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None
        self._received.clear()

    def _connected(self) -> socket.socket:
        if self._socket is None:
            self._socket = self._secured() if self._tls else self._plain()
        self._socket.settimeout(self._left())
        return self._socket

    def _secured(self) -> socket.socket:
        try:
            return trust.context().wrap_socket(self._plain(), server_hostname=self._host)
        except ssl.SSLCertVerificationError:
            if not trust.widen():
                raise
        return trust.context().wrap_socket(self._plain(), server_hostname=self._host)

    def _plain(self) -> socket.socket:
        address = (self._host, self._port)
        plain = socket.create_connection(address, self._left())  # type: ignore[arg-type] # getaddrinfo takes bytes
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        plain.settimeout(self._left())
        return plain

    def _response(self) -> HttpResponse:
        status, headers = self._head()
        while 100 <= status < 200:  # interim: the real one follows
            status, headers = self._head()
        return HttpResponse(status, headers, self._body(headers))

    def _head(self) -> tuple[int, dict[str, str]]:
        first, *lines = self._through(_HEAD_END).decode("latin-1").split("\r\n")
        version, _, rest = first.partition(" ")
        status = rest[:3]
        if version not in {"HTTP/1.1", "HTTP/1.0"} or not (status.isascii() and status.isdigit() and len(status) == 3):
            raise MalformedResponseError("no status line")
        headers: dict[str, str] = {} if version == "HTTP/1.1" else {"connection": "close"}
        for line in lines:
            name, colon, value = line.partition(":")
            if not colon:
                raise MalformedResponseError("a header without a colon")
            headers[name.lower()] = value.strip()
        return int(status), headers

    def _body(self, headers: dict[str, str]) -> bytes:
        if "chunked" in headers.get("transfer-encoding", "").lower():
            return self._chunks()
        return self._exactly(_size(headers.get("content-length", ""), 10))

    def _chunks(self) -> bytes:
        body = bytearray()
        while size := _size(self._through(_LINE_END).partition(b";")[0].decode("latin-1").strip(), 16):
            body += self._exactly(size)
            if len(body) > _LONGEST_BODY_BYTES or self._exactly(2) != _LINE_END:
                raise MalformedResponseError("a chunk that is not as long as it says, or too many")
        while self._through(_LINE_END):
            pass  # trailers
        return bytes(body)

    def _through(self, end: bytes) -> bytes:
        """What comes before `end`, which is taken as well."""
        while (at := self._received.find(end)) < 0:
            if len(self._received) > _LONGEST_HEAD_BYTES:
                raise MalformedResponseError("too long a head")
            self._receive()
        return self._exactly(at + len(end))[:at]

    def _exactly(self, count: int) -> bytes:
        while len(self._received) < count:
            self._receive()
        taken = bytes(self._received[:count])
        del self._received[:count]
        return taken

    def _receive(self) -> None:
        if self._socket is None:
            raise ConnectionEndedError
        self._socket.settimeout(self._left())
        received = self._socket.recv(_MOST_RECEIVED_BYTES)
        if not received:
            raise ConnectionEndedError
        self._received += received

    def _left(self) -> float:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


def _ends(headers: dict[str, str]) -> bool:
    return "close" in headers.get("connection", "").lower()


def _one_line(name: str, value: str) -> str:
    if "\r" in value or "\n" in value:
        raise ValueError(f"header {name} has more than one line: it would become two headers")
    return value


def _size(digits: str, base: int) -> int:
    try:
        size = int(digits, base) if digits.isalnum() else -1  # int() takes "+1" and "1_0" as well
    except ValueError:
        raise MalformedResponseError("no length") from None
    if not 0 <= size <= _LONGEST_BODY_BYTES:
        raise MalformedResponseError("no length that an answer of AWS has")
    return size
