"""A browser on the page, without a screen, or somebody who pretends to be one."""

from __future__ import annotations

import http.client
import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from chatops_local.page import PageServer


class Client:
    """Asks, and does what is done on the page."""

    def __init__(self, page: PageServer) -> None:
        parts = urlsplit(page.url)
        self.origin = page.url
        self.port = parts.port
        _, _, markup = self.get("/")
        found = re.search(r'name="chatops-local-token" content="([^"]+)"', markup)
        assert found
        self.token = found[1]

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], str]:
        return self.request("GET", path, None, headers)

    def post(self, path: str, fields: Any, **headers: str) -> tuple[int, Any]:
        own = {
            "Origin": self.origin,
            "Content-Type": "application/json",
            "X-Chatops-Local-Token": self.token,
        }
        body = fields if isinstance(fields, bytes) else json.dumps(fields).encode()
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        status, _, text = self.request("POST", path, body, {**own, **sent})
        return status, json.loads(text)

    def request(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> tuple[int, dict[str, str], str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, path, body, {name: value for name, value in headers.items() if value})
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read().decode()
        finally:
            connection.close()

    def events(self, user: str = "U0LOCALUSER") -> Events:
        return Events(self.port, user)


class Events:
    """What the server tells a page."""

    def __init__(self, port: int | None, user: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        self._connection.request("GET", f"/api/events?user={user}")
        self._answer = self._connection.getresponse()
        self.status = self._answer.status
        self.known: dict[tuple[str, str], dict[str, Any]] = {}

    def next(self) -> dict[str, Any]:
        """The next event; what it says is known from then on."""
        while not (line := self._answer.readline()).startswith(b"data: "):
            assert line, "the stream has ended"
        event: dict[str, Any] = json.loads(line[len(b"data: ") :])
        for change in event["changes"]:
            self.known[change["kind"], change["key"]] = change["value"]
        return event

    def wait_for(self, kind: str, **values: object) -> dict[str, Any]:
        """The first of that kind with those values, now or to come."""
        while True:
            for (known, _), value in self.known.items():
                if known == kind and all(value.get(name) == expected for name, expected in values.items()):
                    return value
            self.next()

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [value for (known, _), value in self.known.items() if known == kind]

    def close(self) -> None:
        self._answer.close()
        self._connection.close()
