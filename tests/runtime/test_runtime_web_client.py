"""Posting to Slack, against a server on 127.0.0.1 that stands for it."""

import json
import threading
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from chatops_runtime.slack import web_client
from chatops_runtime.slack.web_client import SlackRefusedError, SlackRetryable, WebClient

URL = "https://hooks.slack.com/commands/T0123/1/canaryPath"
TOKEN = "xoxb-canary-token"


class Server:
    """Answers with what the test says; remembers what came."""

    def __init__(self) -> None:
        self.answer: tuple[int, dict[str, str], bytes] = (200, {}, b"ok")
        self.requests: list[tuple[str, dict[str, str], Any]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: object) -> None:
                pass

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                is_json = self.headers["Content-Type"].startswith("application/json")
                outer.requests.append((self.path, dict(self.headers), json.loads(body) if is_json else body))
                status, headers, answer = outer.answer
                if not status:
                    return
                self.send_response(status)
                for name, value in {"Content-Length": str(len(answer)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(answer)

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.http.serve_forever, args=(0.01,), daemon=True).start()


@pytest.fixture
def server():
    server = Server()
    yield server
    server.http.shutdown()
    server.http.server_close()


@pytest.fixture
def client(server, monkeypatch):
    """A client whose HTTPS goes to the server: everything but TLS is as it is in production."""
    port = server.http.server_address[1]

    class Plain(HTTPConnection):
        def __init__(self, host: str, **options: Any) -> None:
            super().__init__("127.0.0.1", port, timeout=options["timeout"])

    for variable in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr("http.client.HTTPSConnection", Plain)
    return WebClient()


def test_a_response_url_gets_json(server, client):
    client.respond(URL, {"text": "再起動"})
    ((path, headers, body),) = server.requests
    assert path == "/commands/T0123/1/canaryPath"
    assert headers["Content-Type"] == "application/json; charset=utf-8"
    assert "Authorization" not in headers
    assert body == {"text": "再起動"}


def test_chat_post_message_gets_the_token(server, client):
    server.answer = (200, {}, b'{"ok": true, "ts": "1.2"}')
    client.post_message(web_client.API, TOKEN, {"channel": "C1", "text": "x"})
    ((path, headers, _),) = server.requests
    assert path == "/api/chat.postMessage"
    assert headers["Authorization"] == f"Bearer {TOKEN}"


def test_a_posted_message_is_known_by_what_slack_answers(server, client):
    server.answer = (200, {}, b'{"ok": true, "channel": "C1", "ts": "1.2"}')
    assert client.post_message(web_client.API, TOKEN, {"channel": "C1", "text": "x"})["ts"] == "1.2"
    server.answer = (200, {}, b"ok")
    assert client.post_message(web_client.API, TOKEN, {"channel": "C1", "text": "x"}) == {}


def test_a_message_is_updated_with_the_token(server, client):
    server.answer = (200, {}, b'{"ok": true, "ts": "1.2"}')
    client.update_message(web_client.API, TOKEN, {"channel": "C1", "ts": "1.2", "text": "x"})
    ((path, headers, body),) = server.requests
    assert path == "/api/chat.update"
    assert headers["Authorization"] == f"Bearer {TOKEN}"
    assert body == {"channel": "C1", "ts": "1.2", "text": "x"}
    server.answer = (200, {}, b'{"ok": false, "error": "message_not_found"}')
    with pytest.raises(SlackRefusedError, match="message_not_found"):
        client.update_message(web_client.API, TOKEN, {"channel": "C1", "ts": "1.2", "text": "x"})


def test_any_method_gets_a_form(server, client):
    server.answer = (200, {}, b'{"ok": true, "file_id": "F1"}')
    answer = client.call(web_client.API, "files.getUploadURLExternal", TOKEN, filename="a b.txt", length="3")
    assert answer == {"ok": True, "file_id": "F1"}
    ((path, headers, body),) = server.requests
    assert path == "/api/files.getUploadURLExternal"
    assert headers["Authorization"] == f"Bearer {TOKEN}"
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert body == b"filename=a+b.txt&length=3"


@pytest.mark.parametrize("answer", [b"ok", b"[]", b""])
def test_a_method_answers_a_json_object(server, client, answer):
    server.answer = (200, {}, answer)
    with pytest.raises(SlackRefusedError, match="no_json"):
        client.call(web_client.API, "conversations.open", TOKEN, users="U1")


def test_a_file_is_posted_as_it_is_and_without_the_token(server, client):
    server.answer = (200, {}, b"OK - 3")
    client.upload("https://files.slack.com/upload/v1/canary", b"\xff\x00\n")
    ((path, headers, body),) = server.requests
    assert (path, body) == ("/upload/v1/canary", b"\xff\x00\n")
    assert "Authorization" not in headers


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (404, b'{"ok": false, "error": "used_url"}', "used_url"),
        (404, b"expired_url", "expired_url"),
        (410, b"", "no_reason"),
        (404, b"<html>canary</html>", "no_reason"),
        (403, b'{"ok": false, "error": "<canary> &"}', "no_reason"),
        (200, b'{"ok": false, "error": "not_in_channel"}', "not_in_channel"),
        (200, b'{"ok": false}', "no_reason"),
        (200, b"invalid_payload", "invalid_payload"),
        (302, b"", "no_reason"),
        (307, b"", "no_reason"),
    ],
)
def test_a_refusal_has_slacks_own_word(server, client, status, body, code):
    server.answer = (status, {"Location": "https://canary.example.com/"}, body)
    with pytest.raises(SlackRefusedError) as caught:
        client.respond(URL, {"text": "x"})
    assert (caught.value.code, caught.value.status) == (code, status)
    assert len(server.requests) == 1  # redirects are not followed
    assert_harmless(caught.value)


@pytest.mark.parametrize(
    ("status", "headers", "body", "retry_after"),
    [
        (429, {"Retry-After": "7"}, b"", 7),
        (429, {"Retry-After": "soon"}, b"", None),
        (429, {}, b"", None),
        (500, {}, b"canary", None),
        (503, {"Retry-After": "3"}, b"", 3),
        (200, {}, b'{"ok": false, "error": "ratelimited"}', None),
        (200, {}, b'{"ok": false, "error": "rate_limited"}', None),
        (200, {}, b'{"ok": false, "error": "internal_error"}', None),
        (0, {}, b"", None),
    ],
)
def test_what_may_pass_is_retryable(server, client, status, headers, body, retry_after):
    server.answer = (status, headers, body)
    with pytest.raises(SlackRetryable) as caught:
        client.respond(URL, {"text": "x"})
    assert caught.value.retry_after == retry_after
    assert_harmless(caught.value)


def test_nobody_there_is_retryable(server, client):
    server.http.shutdown()
    server.http.server_close()
    with pytest.raises(SlackRetryable, match="no connection") as caught:
        client.post_message(web_client.API, TOKEN, {"text": "x"})
    assert_harmless(caught.value)


def test_only_https_is_posted_to(server, client):
    with pytest.raises(SlackRefusedError, match="url_not_https"):
        client.respond(f"http://127.0.0.1:{server.http.server_address[1]}/", {"text": "x"})
    assert not server.requests


@pytest.mark.parametrize("body", [b"ok", b'{"ok": true}', b"", b"[]", b"\xff"])
def test_anything_else_with_status_200_is_taken(server, client, body):
    server.answer = (200, {}, body)
    client.respond(URL, {"text": "x"})
    assert len(server.requests) == 1


def test_proxy_and_authorities_come_from_the_environment(monkeypatch):
    """`build_opener` reads them when the client is made: a proxy that is not there is the one that is asked."""
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    with pytest.raises(SlackRetryable, match=r"no connection \(ConnectionRefusedError\)"):
        WebClient().respond(URL, {"text": "x"})


def assert_harmless(error: BaseException) -> None:
    """Nothing of the URL, the token or the answer is in the error, nor in what is printed with it."""
    assert error.__cause__ is None
    assert error.__suppress_context__ or error.__context__ is None
    assert "canary" not in f"{error} {error!r} {error.args}"
