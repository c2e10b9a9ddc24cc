"""The proxy on the wire: HTTP/1.1 as RFC 9110 and RFC 9112 have it, and no way out."""

import socket
import ssl
from http.client import HTTPResponse
from urllib.parse import urlsplit

import pytest

from chatops_local.slack import SentCommand


@pytest.fixture
def connect(slack):
    """A plain connection to the proxy."""
    opened = []

    def connect():
        url = urlsplit(slack.proxy_url)
        connection = socket.create_connection((url.hostname, url.port), timeout=5)
        opened.append(connection)
        return connection

    yield connect
    for connection in opened:
        connection.close()


@pytest.fixture
def tunnel(connect, trusting):
    """A TLS connection to a host through the proxy."""
    opened = []

    def tunnel(host="hooks.slack.com"):
        connection = connect()
        connection.sendall(f"CONNECT {host}:443 HTTP/1.1\r\nHost: {host}:443\r\n\r\n".encode())
        assert read_head(connection) == b"HTTP/1.1 200 Connection established\r\n\r\n"
        opened.append(trusting.wrap_socket(connection, server_hostname=host))
        return opened[-1]

    yield tunnel
    for connection in opened:
        connection.close()


def read_head(connection: socket.socket) -> bytes:
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += connection.recv(1)
    return head


def exchange(connection: socket.socket, request: bytes, method: str = "POST") -> tuple[HTTPResponse, bytes]:
    connection.sendall(request)
    response = HTTPResponse(connection, method=method)
    response.begin()
    body = response.read()
    return response, body


def post(path: str = "/x", headers: str = "", body: bytes = b"", host: str = "hooks.slack.com") -> bytes:
    return f"POST {path} HTTP/1.1\r\nHost: {host}\r\n{headers}\r\n".encode() + body


def path_of(sent: SentCommand) -> str:
    return urlsplit(sent.response_url).path


JSON = "Content-Type: application/json\r\n"


def test_connections_are_kept(slack, tunnel):
    path = path_of(slack.send("/ps"))
    connection = tunnel()
    for text in (b'{"text":"1"}', b'{"text":"2"}'):
        response, body = exchange(connection, post(path, f"{JSON}Content-Length: {len(text)}\r\n", text))
        assert (response.status, body, response.will_close) == (200, b"ok", False)
        assert response.headers["Content-Length"] == "2"
        assert response.headers["Date"]
    assert [m.text for m in slack.messages] == ["1", "2"]


def test_chunked(slack, tunnel):
    path = path_of(slack.send("/ps"))
    chunks = b'5;name=value\r\n{"tex\r\n7\r\nt":"x"}\r\n0\r\nTrailer: x\r\n\r\n'
    connection = tunnel()
    response, body = exchange(connection, post(path, f"{JSON}Transfer-Encoding: chunked\r\n", chunks))
    assert (response.status, body) == (200, b"ok")
    response, _ = exchange(connection, post("/x", "Content-Length: 0\r\n"))
    assert response.status == 404


def test_expect_100_continue(slack, tunnel):
    path = path_of(slack.send("/ps"))
    connection = tunnel()
    connection.sendall(post(path, f"{JSON}Content-Length: 12\r\nExpect: 100-continue\r\n"))
    assert read_head(connection).startswith(b"HTTP/1.1 100 ")
    response, _ = exchange(connection, b'{"text":"x"}')
    assert response.status == 200


def test_close_when_asked(tunnel):
    connection = tunnel()
    response, _ = exchange(connection, post("/x", "Connection: close\r\nContent-Length: 0\r\n"))
    assert response.headers["Connection"] == "close"
    assert connection.recv(1) == b""


def test_head_has_no_body(tunnel):
    connection = tunnel()
    response, body = exchange(connection, b"HEAD / HTTP/1.1\r\nHost: hooks.slack.com\r\n\r\n", "HEAD")
    assert (response.status, body) == (405, b"")
    response, _ = exchange(connection, b"GET / HTTP/1.1\r\nHost: hooks.slack.com:443\r\n\r\n", "GET")
    assert response.status == 405


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"POST / HTTP/1.1\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: hooks.slack.com\r\nHost: hooks.slack.com\r\n\r\n", 400),
        (post("/", "Content-Length: x\r\n"), 400),
        (post("/", "Content-Length: -1\r\n"), 400),
        (post("/", "Content-Length: 1\r\nContent-Length: 2\r\n"), 400),
        (post("/", "Content-Length: 2000000\r\n"), 413),
        (post("/", "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n"), 400),
        (post("/", "Transfer-Encoding: gzip\r\n"), 501),
        (post("/", "Transfer-Encoding: chunked\r\n", b"zz\r\n"), 400),
        (post("/", "Transfer-Encoding: chunked\r\n", b"1\r\nabc\r\n"), 400),
        (post("/", "Transfer-Encoding: chunked\r\n", b"fffffff\r\n"), 413),
    ],
)
def test_broken_requests_are_refused_and_the_connection_closed(tunnel, request_bytes, status):
    connection = tunnel()
    response, _ = exchange(connection, request_bytes)
    assert (response.status, response.headers["Connection"]) == (status, "close")
    assert connection.recv(1) == b""


def test_a_body_that_ends_too_early_is_no_message(slack, tunnel):
    path = path_of(slack.send("/ps"))
    connection = tunnel()
    connection.sendall(post(path, f"{JSON}Content-Length: 20\r\n", b'{"text":"x"}'))
    with pytest.raises(ssl.SSLError, match="APPLICATION_DATA_AFTER_CLOSE_NOTIFY"):  # the double's 400
        connection.unwrap()
    assert slack.messages == []


def test_another_host_than_the_connections(tunnel):
    # RFC 9110 section 15.5.20
    assert exchange(tunnel(), post("/", host="slack.com"))[0].status == 421


def test_govslack(slack, tunnel):
    response, body = exchange(tunnel("slack-gov.com"), post("/api/auth.test", host="slack-gov.com"))
    assert (response.status, body) == (200, b'{"ok": false, "error": "not_authed"}')


def test_a_slack_host_without_a_site(slack, tunnel):
    assert exchange(tunnel("edgeapi.slack.com"), post("/x", host="edgeapi.slack.com"))[0].status == 404
    assert slack.notes == ["POST https://edgeapi.slack.com: the Slack double has no such site"]


@pytest.mark.parametrize(
    "target", ["example.com:443", "slack.com:80", "evilslack.com:443", "slack.com.evil.test:443", "127.0.0.1:443", "x"]
)
def test_no_way_out(slack, connect, target):
    response, body = exchange(connect(), f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode(), "CONNECT")
    assert response.status == 403
    assert b"functions here reach Slack and AWS only" in body
    assert slack.notes[0].startswith(f"a function tried to reach {target}, and was refused")


def test_plain_http_goes_nowhere(slack, connect):
    request = b"GET http://example.com/secret HTTP/1.1\r\nHost: example.com\r\n\r\n"
    assert exchange(connect(), request, "GET")[0].status == 403
    assert slack.notes[0].startswith("a function tried to reach GET http://example.com, and was refused")


def test_a_client_that_does_not_trust_the_double_is_noted(slack, connect):
    connection = connect()
    connection.sendall(b"CONNECT slack.com:443 HTTP/1.1\r\nHost: slack.com:443\r\n\r\n")
    read_head(connection)
    with pytest.raises(ssl.SSLCertVerificationError):
        ssl.create_default_context().wrap_socket(connection, server_hostname="slack.com")
    connection.close()
    slack._record.wait(lambda: bool(slack.notes), 5)
    assert "TLS with a function that wanted slack.com failed" in slack.notes[0]


def test_loopback_only_and_gone_after_stop(slack):
    url = urlsplit(slack.proxy_url)
    assert url.hostname == "127.0.0.1"
    authority = slack.certificate_authority
    assert "PRIVATE" not in authority.read_text()
    slack.stop()
    slack.stop()
    assert not authority.exists()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((url.hostname, url.port), timeout=1)
