import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from chatops_local.slack import SlackDouble

if TYPE_CHECKING:
    from collections.abc import Callable


class Endpoint:
    """A stand-in for an app's endpoint: remembers requests, answers what the test says."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, dict[str, str], bytes]] = []
        self.answer = (200, "text/plain", b"")
        self.answers: list[tuple[int, str, bytes]] = []
        """Given first, one after the other."""
        self.reply: Callable[[bytes], tuple[int, str, bytes]] | None = None
        """What is answered to a body, instead."""
        self.headers: dict[str, str] = {}
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.requests.append((self.path, dict(self.headers), body))
                status, content_type, answer = outer.next_answer(body)
                self.send_response(status)
                for name, value in outer.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Type", content_type)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/slack?x=1"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def next_answer(self, body: bytes) -> tuple[int, str, bytes]:
        if self.reply is not None:
            return self.reply(body)
        return self.answers.pop(0) if self.answers else self.answer

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class Clock:
    """A clock that stands still until a test moves it."""

    def __init__(self, now: float = 1_800_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def endpoint():
    endpoint = Endpoint()
    yield endpoint
    endpoint.stop()


@pytest.fixture
def slack(endpoint, clock):
    with SlackDouble(clock=clock) as slack:
        app = slack.workspace.app("A0TEST", "T0TEST")
        slack.set_request_url("Stack/Slack", app, endpoint.url, "api.example.test")
        yield slack


@pytest.fixture
def app(slack):
    return slack.workspace.app("A0TEST", "T0TEST")


@pytest.fixture
def trusting(slack):
    """What a function's HTTP client trusts."""
    return ssl.create_default_context(cafile=str(slack.certificate_authority))
