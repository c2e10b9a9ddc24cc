"""Our HTTP against a server of the standard library's, and against servers that misbehave."""

from __future__ import annotations

import contextlib
import http.client
import io
import json
import socket
import ssl
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import certifi
import pytest
import trustme
from hypothesis import given
from hypothesis import strategies as st

from chatops_runtime.dispatch import trust
from chatops_runtime.dispatch.http_connection import ConnectionEndedError, HttpConnection, MalformedResponseError

if TYPE_CHECKING:
    from collections.abc import Iterator

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"


class Echo(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        answer = json.dumps({"headers": dict(self.headers), "body": body.decode("latin-1")}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *args):
        pass


@contextlib.contextmanager
def serving(context=None) -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    server.daemon_threads = True
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


def after(*answers: bytes) -> HttpConnection:
    """A connection whose host has sent `answers` and ended it."""
    ours, theirs = socket.socketpair()
    for answer in answers:
        theirs.sendall(answer)
    theirs.shutdown(socket.SHUT_WR)
    connection = HttpConnection("127.0.0.1", 1, tls=False)
    connection._socket = ours
    connection._host_end = theirs  # type: ignore[attr-defined] # kept, or it would be closed
    return connection


def test_a_request_arrives_as_it_was_made():
    with serving() as port:
        connection = HttpConnection("127.0.0.1", port, tls=False)
        for body in (b"", b"{}", bytes(range(256)), b"x" * 300_000):
            answer = connection.post({"host": "example", "x-amz-target": "A.B"}, body, 5)
            received = json.loads(answer.body)
            assert received["body"].encode("latin-1") == body
            assert received["headers"] == {
                "host": "example",
                "x-amz-target": "A.B",
                "content-length": str(len(body)),
            }
            assert (answer.status, answer.headers["content-length"]) == (200, str(len(answer.body)))
        assert connection.is_open
        connection.close()


@pytest.fixture
def contexts(monkeypatch) -> list[ssl.SSLContext]:
    """What dispatch trusts, for one test."""
    contexts: list[ssl.SSLContext] = []
    monkeypatch.setattr(trust, "_contexts", contexts)
    return contexts


@pytest.fixture
def tls_port(tmp_path, monkeypatch):
    """A host whose certificate is one of an authority of this machine's, and none of Amazon's."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(theirs)
    with serving(theirs) as port:
        yield port


def test_over_tls_the_hosts_certificate_is_checked(contexts, tls_port, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(ssl.SSLCertVerificationError):
        HttpConnection("127.0.0.1", tls_port, tls=True).post({"host": "example"}, b"", 5)


def test_over_tls_the_name_is_checked(contexts, tls_port):
    with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
        HttpConnection("localhost", tls_port, tls=True).post({"host": "example"}, b"", 5)


def test_a_certificate_that_is_not_of_amazon_is_left_to_the_machines_authorities(contexts, tls_port, capsys):
    for _ in range(2):
        connection = HttpConnection("127.0.0.1", tls_port, tls=True)
        assert connection.post({"host": "example"}, b"{}", 5).status == 200
        connection.close()
    (line,) = capsys.readouterr().out.splitlines()
    assert (json.loads(line)["level"], json.loads(line)["event"]) == ("WARN", "not_a_certificate_of_amazon")


def test_amazons_own_authorities_come_first_and_every_context_is_strict(contexts):
    first = trust.context()
    assert {authority["subject"][-1][0][1] for authority in first.get_ca_certs()} == {
        *(f"Amazon Root CA {number}" for number in (1, 2, 3, 4)),
        "Starfield Services Root Certificate Authority - G2",
    }
    assert trust.context() is first
    assert trust.widen()
    assert not trust.widen()
    assert len(contexts) == 2
    for context in contexts:
        assert (context.verify_mode.name, context.check_hostname) == ("CERT_REQUIRED", True)


def test_amazons_authorities_are_those_that_the_world_knows(contexts):
    known = ssl.create_default_context(cafile=certifi.where()).get_ca_certs(binary_form=True)
    assert set(trust.context().get_ca_certs(binary_form=True)) <= set(known)


@pytest.mark.parametrize("value", ["a\r\nx-other: b", "a\nb", "a\r"])
def test_a_header_cannot_become_two(value):
    with pytest.raises(ValueError, match="header host has more than one line"):
        HttpConnection("127.0.0.1", 1, tls=False).post({"host": value}, b"", 1)


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 100 Continue\r\n\r\n" + OK,
        b"HTTP/1.1 200\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1;x=y\r\n}\r\n0\r\ntrailer: x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    ],
)
def test_forms_of_an_answer(answer):
    connection = after(answer)
    response = connection.post({}, b"", 1)
    assert (response.status, response.body, connection.is_open) == (200, b"{}", True)


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nConnection: close\r\n\r\n{}",
        b"HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\n{}",
        OK + b"HTTP/1.1 200 OK\r\n",  # nobody asked for that: what follows might be taken for the next answer
    ],
)
def test_a_connection_that_is_not_to_be_used_again_is_closed(answer):
    connection = after(answer)
    assert connection.post({}, b"", 1).body == b"{}"
    assert not connection.is_open


@pytest.mark.parametrize(
    "answer", [b"", b"HTTP/1.1 2", OK[:-1], b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nab"]
)
def test_an_end_before_the_answers_end_is_an_ended_connection(answer):
    connection = after(answer)
    with pytest.raises(ConnectionEndedError):
        connection.post({}, b"", 1)
    assert not connection.is_open


@pytest.mark.parametrize(
    "answer",
    [
        b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"HTTP/2 200\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\ncontent-length: -2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\nabc\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"a: " + b"x" * 70_000,
    ],
)
def test_what_is_no_answer_of_awss_is_refused(answer):
    connection = after(answer)
    with pytest.raises(MalformedResponseError):
        connection.post({}, b"", 1)
    assert not connection.is_open


def test_everything_together_takes_no_longer_than_it_may(monkeypatch):
    """A host that sends a byte now and then would otherwise be waited for as long as it likes."""
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])

    class Slow:
        timeouts: list[float] = []  # noqa: RUF012

        def settimeout(self, seconds):
            self.timeouts.append(seconds)

        def sendall(self, data):
            now[0] += 0.4

        def recv(self, most):
            now[0] += 0.4
            return b"H"

        def close(self):
            pass

    connection = HttpConnection("127.0.0.1", 1, tls=False)
    connection._socket = Slow()  # type: ignore[assignment]
    with pytest.raises(TimeoutError):
        connection.post({}, b"", 1.0)
    assert Slow.timeouts == pytest.approx([1.0, 0.6, 0.2])


class Sent:
    """As much of a socket as http.client reads from."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def makefile(self, mode: str) -> io.BytesIO:
        return io.BytesIO(self._data)


HEADER = st.tuples(
    st.text("abcXYZ-", min_size=1, max_size=10).map(lambda name: f"x-{name}"),
    st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), max_size=20),
)


@given(
    status=st.integers(200, 599).filter(lambda status: status not in {204, 304}),
    headers=st.lists(HEADER, max_size=5, unique_by=lambda header: header[0].lower()),
    body=st.binary(max_size=300),
    chunks=st.none() | st.lists(st.integers(1, 40), min_size=1, max_size=10),
)
def test_reads_an_answer_as_http_client_does(status, headers, body, chunks):
    if chunks is None:
        sent, coding = body, f"Content-Length: {len(body)}"
    else:
        stream, parts, coding = io.BytesIO(body), [], "Transfer-Encoding: chunked"
        sizes = iter(chunks * 300)
        while part := stream.read(next(sizes)):
            parts.append(b"%x\r\n%s\r\n" % (len(part), part))
        sent = b"".join([*parts, b"0\r\n\r\n"])
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
    answer = f"HTTP/1.1 {status} Some Reason\r\n{lines}{coding}\r\n\r\n".encode() + sent
    theirs = http.client.HTTPResponse(Sent(answer), method="POST")  # type: ignore[arg-type]
    theirs.begin()

    ours = after(answer).post({}, b"", 1)

    assert (ours.status, ours.body) == (theirs.status, theirs.read())
    assert ours.headers == {name.lower(): value for name, value in theirs.getheaders()}


@given(st.binary(max_size=200) | st.binary(max_size=100).map(lambda junk: b"HTTP/1.1 200 OK\r\n" + junk))
def test_whatever_a_host_sends_nothing_but_an_os_error_comes_of_it(answer):
    connection = after(answer)
    try:
        connection.post({}, b"", 1)
    except OSError:
        assert not connection.is_open
