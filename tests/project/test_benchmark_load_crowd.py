"""The clients of the load test, against an endpoint that refuses everything."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from benchmarks.load import crowd as crowds
from benchmarks.load.connection import Connection
from benchmarks.load.crowd import Crowd
from benchmarks.load.tally import Tally
from chatops_local.slack import RequestUrl, SignedRequest, SlackApp, SlackDouble

if TYPE_CHECKING:
    from collections.abc import Iterator

APP = SlackApp("A034CD5EF", "T012AB3CD")
HOST = "api.example.com"
UNAUTHORIZED = ("wrong signature", "changed body", "no signature", "stale or early")


class Refusing(BaseHTTPRequestHandler):
    """Answers 401 to requests that come under the right host name, and keeps the connection."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(401 if self.headers["Host"] == HOST else 404)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", "12")
        self.end_headers()
        self.wfile.write(b"Unauthorized")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """Log nothing."""


@pytest.fixture
def endpoint() -> Iterator[RequestUrl]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Refusing)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=[0.01]).start()
    try:
        yield RequestUrl("App/Slack", APP, f"http://127.0.0.1:{server.server_address[1]}/slack/commands", HOST)
    finally:
        server.shutdown()
        server.server_close()


def test_a_connection_is_kept(endpoint: RequestUrl):
    with Connection(endpoint) as connection:
        answers = [connection.post(SignedRequest(b"text=", {})) for _ in range(3)]
    assert [(answer.status, answer.content_type, answer.body) for answer in answers] == [
        (401, "text/plain", b"Unauthorized")
    ] * 3
    assert connection.opened == 1


def test_no_answer_is_one_as_well():
    nobody = RequestUrl("App/Slack", APP, "http://127.0.0.1:1/slack/commands", HOST)
    with Connection(nobody) as connection:
        answer = connection.post(SignedRequest(b"text=", {}))
    assert answer.status is None
    assert answer.problem.startswith("ConnectionRefusedError")


def test_each_answer_is_compared_with_the_right_one(endpoint: RequestUrl, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(crowds, "ARRIVAL_SECONDS", 0.0)
    tally = Tally()
    with SlackDouble() as slack:
        slack.set_request_url(endpoint.name, endpoint.app, endpoint.local_url, endpoint.host)
        crowd = Crowd(slack, 2, tally)
        with crowd.results:
            crowd.send(1)
    assert crowd.opened == 2
    assert crowd.results.commands
    assert not any(command.accepted for command in crowd.results.commands)
    for kind, answers in tally.answers.items():
        assert answers.wrong == (0 if kind in UNAUTHORIZED else answers.count), kind
