"""A double of what the allow-list's page calls: two hosts, as two HTTP APIs would answer.

The page itself is the real one. CORS as an HTTP API does it, which answers preflight requests on its own and puts the
headers on every answer: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
"""

import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from chatops_runtime.allowlist.page import response
from tests.browser.loopback import Loopback

TOKEN = "q7Zr_dV1m-canary-token-0123456789abcdefghi"
VALID_SECONDS = 43_200
LINK_SECONDS = 600

IPV4 = {"address": "198.51.100.23", "family": 4, "cidr": "198.51.100.23/32"}
IPV6 = {"address": "2001:db8:85a3:8d3:1319:8a2e:370:7348", "family": 6, "cidr": "2001:db8:85a3:8d3::/64"}

Answer = tuple[int, dict[str, Any]]


def error(status: int, code: str, message: str) -> Answer:
    return status, {"error": {"code": code, "message": message}}


@dataclass
class AllowlistDouble:
    """The state of the double; a test changes it before or while a page is open.

    Attributes:
        own: Under which address the host of both families sees the browser.
        answers: What is answered to a request instead of the usual. A request is `own GET /link` or `ipv4 POST /seen`.
        dropped: Requests that are done, and whose answer is lost.
        held: Requests that are answered once the event is set.
        requests: Every one but those for the page.
        authorized: Those that had the token.
        page_requests: The headers of those for the page.
        seen: What the link was seen under over the other host.
        registered: What was registered.
    """

    name: str = "alice"
    own: dict[str, Any] = field(default_factory=lambda: IPV6)
    answers: dict[str, Answer] = field(default_factory=dict)
    dropped: set[str] = field(default_factory=set)
    held: dict[str, threading.Event] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    authorized: set[str] = field(default_factory=set)
    page_requests: list[str] = field(default_factory=list)
    seen: list[dict[str, Any]] = field(default_factory=list)
    registered: list[dict[str, Any]] = field(default_factory=list)
    url: str = ""
    ipv4_url: str = ""

    @property
    def link(self) -> str:
        return f"{self.url}/#{TOKEN}"

    @property
    def changes(self) -> list[str]:
        """The requests that may change something."""
        return [one for one in self.requests if " GET " not in one]

    def page(self, accept_language: str | None) -> dict[str, Any]:
        return response.page(
            url=self.url, ipv4_url=self.ipv4_url, valid_seconds=VALID_SECONDS, accept_language=accept_language
        )

    def answer(self, asked: str) -> Answer:
        if asked in self.answers:
            return self.answers[asked]
        host, _, request = asked.partition(" ")
        address = self.own if host == "own" else IPV4
        if request == "GET /address":
            return 200, address
        if request == "GET /link":
            return 200, {"name": self.name, "expires_at": time.time() + LINK_SECONDS, "valid_for": VALID_SECONDS}
        if request == "POST /seen":
            self.seen = [address]
            return 200, address
        if request == "POST /registrations":
            by_family = {one["family"]: one for one in (*self.seen, address)}
            expires_at = int(time.time()) + VALID_SECONDS
            self.registered = [{**one, "expires_at": expires_at} for one in by_family.values()]
            return 200, {"registrations": self.registered}
        return 404, {"message": "Not Found"}


class Host(BaseHTTPRequestHandler):
    """One of the two hosts: `own`, of both families, or `ipv4`."""

    protocol_version = "HTTP/1.1"
    double: AllowlistDouble
    name: str

    def do_GET(self) -> None:
        if self.path != "/":
            self._answer()
            return
        self.double.page_requests.append(self.headers.as_string())
        page = self.double.page(self.headers["Accept-Language"])
        self._send(page["statusCode"], page["headers"], page["body"].encode())

    def do_POST(self) -> None:
        self._answer()

    def do_OPTIONS(self) -> None:
        self._send(204, self._cors(), b"")

    def _answer(self) -> None:
        request = f"{self.name} {self.command} {self.path}"
        self.double.requests.append(request)
        if self.headers["Authorization"] == f"Bearer {TOKEN}":
            self.double.authorized.add(request)
        if request in self.double.held:
            self.double.held[request].wait(10)
        status, answer = self.double.answer(request)
        if request in self.double.dropped:
            self.close_connection = True
            return
        self._send(status, {"content-type": "application/json", **self._cors()}, json.dumps(answer).encode())

    def _cors(self) -> dict[str, str]:
        if self.name != "ipv4" or self.headers["Origin"] != self.double.url:
            return {}
        return {
            "access-control-allow-origin": self.double.url,
            "access-control-allow-methods": "GET,POST",
            "access-control-allow-headers": "authorization",
        }

    def _send(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for header, value in headers.items():
            self.send_header(header, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def host(double: AllowlistDouble, name: str) -> Loopback:
    """One of the double's two hosts."""
    return Loopback(type("OneHost", (Host,), {"double": double, "name": name}))
