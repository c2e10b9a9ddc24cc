"""HTTP/1.1, on the server's side (RFC 9112): reads one request strictly, writes one answer."""

from __future__ import annotations

from http import HTTPStatus
from http.server import BaseHTTPRequestHandler

from chatops_local.slack.http_message import HangUpError, Request, Response

MAX_BODY = 1_048_576


class BadRequestError(Exception):
    """The request breaks HTTP's rules, or the double's limits."""

    def __init__(self, status: HTTPStatus, problem: str) -> None:
        """Answer with `status`."""
        super().__init__(problem)
        self.status = status


class SiteHandler(BaseHTTPRequestHandler):
    """One connection to a site; subclasses say what `respond` answers."""

    protocol_version = "HTTP/1.1"
    timeout = 30
    """Seconds that an idle connection is kept."""
    disable_nagle_algorithm = True
    """An answer is two writes, head and body: the second would wait for an acknowledgement of the first."""

    def respond(self, request: Request) -> Response:
        """The site's answer."""
        raise NotImplementedError

    def host(self) -> str:
        """The host that the request is for; refused if there is none, or several."""
        hosts = self.headers.get_all("Host") or []
        if len(hosts) != 1:
            raise BadRequestError(HTTPStatus.BAD_REQUEST, "a request has exactly one Host header")
        return hosts[0].strip().lower().removesuffix(":443")

    def handle_request(self) -> None:
        """Read the request's body and answer."""
        try:
            request = Request(self.command, self.host(), self.path, self.headers, self._body())
        except BadRequestError as bad:
            self.close_connection = True
            self._send(Response.text(f"{bad}\n", status=bad.status))
            return
        try:
            response = self.respond(request)
        except HangUpError:
            self.close_connection = True
            return
        self._send(response)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = handle_request  # noqa: N815 - http.server's names

    def version_string(self) -> str:
        """The `Server` header."""
        return "chatops-local"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """Log nothing: paths of response_urls are secrets."""

    def _body(self) -> bytes:
        coding = self.headers.get("Transfer-Encoding")
        lengths = set(self.headers.get_all("Content-Length") or [])
        if coding is None:
            return self._exactly(_content_length(lengths)) if lengths else b""
        if lengths:
            raise BadRequestError(HTTPStatus.BAD_REQUEST, "Content-Length and Transfer-Encoding together")
        if coding.strip().lower() != "chunked":
            raise BadRequestError(HTTPStatus.NOT_IMPLEMENTED, f"transfer coding {coding!r}: only chunked is known")
        return self._chunks()

    def _exactly(self, size: int) -> bytes:
        body = self.rfile.read(size)
        if len(body) < size:
            raise BadRequestError(HTTPStatus.BAD_REQUEST, "the body ends before its Content-Length")
        return body

    def _chunks(self) -> bytes:
        body = bytearray()
        while size := self._chunk_size():
            if len(body) + size > MAX_BODY:
                raise BadRequestError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"a body has at most {MAX_BODY} bytes")
            body += self.rfile.read(size)
            if self.rfile.readline(3) != b"\r\n":
                raise BadRequestError(HTTPStatus.BAD_REQUEST, "a chunk does not end where it should")
        while self.rfile.readline(65_537) not in (b"\r\n", b"\n", b""):
            """Trailer fields are read and dropped, as RFC 9112 section 7.1.2 allows."""
        return bytes(body)

    def _chunk_size(self) -> int:
        digits = self.rfile.readline(1_025).split(b";")[0].strip()
        if not digits or digits.strip(b"0123456789abcdefABCDEF"):
            raise BadRequestError(HTTPStatus.BAD_REQUEST, "a chunk's size is no hexadecimal number")
        return int(digits, 16)

    def _send(self, response: Response) -> None:
        self.send_response(response.status)
        self.send_header("Content-Type", response.content_type)
        self.send_header("Content-Length", str(len(response.body)))
        for name, value in response.headers.items():
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(response.body)


def _content_length(values: set[str]) -> int:
    value = values.pop().strip()
    if values or not (value.isascii() and value.isdigit()):
        raise BadRequestError(HTTPStatus.BAD_REQUEST, "Content-Length is not one number")
    if int(value) > MAX_BODY:
        raise BadRequestError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"a body has at most {MAX_BODY} bytes")
    return int(value)
