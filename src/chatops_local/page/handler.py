"""One connection of a browser to the page."""

from __future__ import annotations

import contextlib
import json
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from chatops_local.cloud import NoSuchInstanceError, NoSuchScheduleError
from chatops_local.page import guard

if TYPE_CHECKING:
    from collections.abc import Callable

    from chatops_local.page.static_files import StaticFiles
    from chatops_local.page.workbench import Workbench

EVENTS = "/api/events"
MAX_BODY = 65_536
KEEP_ALIVE_SECONDS = 10.0

Json = dict[str, Any]


class BadFieldError(ValueError):
    """A request is not what is expected."""


class PageHandler(BaseHTTPRequestHandler):
    """Answers for a workbench; a subclass says for which one.

    Attributes:
        workbench: What the page shows and does.
        files: The page itself.
        token: What a request has to have that changes anything.
        session: Another one for each start of the server.
    """

    workbench: Workbench
    files: StaticFiles
    token: str
    session: str

    protocol_version = "HTTP/1.1"
    timeout = 60
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """The page, its files, and what happens on it."""
        refusal = guard.refusal_of_request(self.headers)
        path = urlsplit(self.path).path
        if refusal is not None:
            self._refuse(HTTPStatus.MISDIRECTED_REQUEST, refusal)
        elif path == EVENTS and self.command == "GET":
            self._send_events()
        elif path in self.files:
            content, kind = self.files[path]
            self._send(HTTPStatus.OK, content, kind)
        else:
            self._refuse(HTTPStatus.NOT_FOUND, f"there is no {path}")

    do_HEAD = do_GET  # noqa: N815 - http.server's name

    def do_POST(self) -> None:
        """What a developer does on the page."""
        refusal = guard.refusal_of_request(self.headers)
        if refusal is not None:
            self._refuse(HTTPStatus.MISDIRECTED_REQUEST, refusal)
            return
        refusal = guard.refusal_of_change(self.headers, self.token)
        if refusal is not None:
            self._refuse(HTTPStatus.FORBIDDEN, refusal)
            return
        action = self._actions().get(self.path)
        if action is None:
            self._refuse(HTTPStatus.NOT_FOUND, f"there is no {self.path}")
            return
        try:
            answer = action(self._fields())
        except (NoSuchInstanceError, NoSuchScheduleError, ValueError) as error:
            self._refuse(HTTPStatus.BAD_REQUEST, str(error))
            return
        self._send_json(HTTPStatus.OK, answer)

    def version_string(self) -> str:
        """The `Server` header."""
        return "chatops-local"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """Log nothing: the terminal is for what the page cannot show."""

    def _actions(self) -> dict[str, Callable[[Json], Json]]:
        return {
            "/api/messages": self._type,
            "/api/channels": lambda fields: {"id": self.workbench.add_channel(_text(fields, "name"))},
            "/api/clicks": self._click,
            "/api/choices": self._choose,
            "/api/members": self._set_member,
            "/api/instances": self._set_online,
            "/api/ticks": self._tick,
            "/api/deployments": lambda _: {"started": self.workbench.redeploy()},
        }

    def _type(self, fields: Json) -> Json:
        thread = _text(fields, "thread") if fields.get("thread") is not None else None
        self.workbench.type(_text(fields, "user"), _text(fields, "channel"), _text(fields, "text"), thread)
        return {}

    def _tick(self, fields: Json) -> Json:
        self.workbench.tick(_text(fields, "schedule"))
        return {}

    def _click(self, fields: Json) -> Json:
        return {"error": self.workbench.click(*self._control(fields))}

    def _choose(self, fields: Json) -> Json:
        values = fields.get("values")
        if not isinstance(values, list) or not all(isinstance(each, str) for each in values):
            raise BadFieldError(f"values {values!r}: a list of texts is expected")
        return {"error": self.workbench.choose(*self._control(fields), values)}

    def _control(self, fields: Json) -> tuple[str, str, str, str]:
        return _text(fields, "user"), _text(fields, "ts"), _text(fields, "block_id"), _text(fields, "action_id")

    def _set_member(self, fields: Json) -> Json:
        member = _flag(fields, "member")
        self.workbench.set_member(_text(fields, "group"), _text(fields, "person"), member=member)
        return {}

    def _set_online(self, fields: Json) -> Json:
        self.workbench.set_online(_text(fields, "name"), online=_flag(fields, "online"))
        return {}

    def _fields(self) -> Json:
        """The JSON object in the body; whatever is wrong with it, what is left of the connection is not read."""
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit()) or int(length) > MAX_BODY:
            self.close_connection = True
            raise BadFieldError(f"Content-Length {length!r}: a body of up to {MAX_BODY} bytes is expected")
        try:
            fields = json.loads(self.rfile.read(int(length)))
        except ValueError:
            fields = None
        if not isinstance(fields, dict):
            raise BadFieldError("the body is expected to be a JSON object")
        return fields

    def _send_events(self) -> None:
        """Server-sent events: everything that `user` sees, then every change, for as long as the page is open."""
        refusal = guard.refusal_of_reading(self.headers)
        user = parse_qs(urlsplit(self.path).query).get("user", [""])[0]
        if refusal is not None:
            self._refuse(HTTPStatus.FORBIDDEN, refusal)
            return
        if user not in self.workbench.people.persons:
            self._refuse(HTTPStatus.BAD_REQUEST, f"user {user!r}: there is nobody of that id")
            return
        self.close_connection = True
        self._send_head(HTTPStatus.OK, "text/event-stream; charset=utf-8")
        # A page that is closed ends it.
        with contextlib.suppress(OSError):
            self._follow(user)

    def _follow(self, user: str) -> None:
        board, seen = self.workbench.board, 0
        while not board.closed:
            latest, changed = board.changes(seen, lambda entry: self.workbench.sees(user, entry))
            if changed or not seen:
                event = {"session": self.session, "whole": not seen, "changes": [entry.as_json() for entry in changed]}
                self.wfile.write(f"data: {json.dumps(event, ensure_ascii=False)}\n\n".encode())
            seen = max(latest, 1)
            if not board.wait(seen, KEEP_ALIVE_SECONDS):
                self.wfile.write(b": still here\n\n")

    def _refuse(self, status: HTTPStatus, why: str) -> None:
        self.close_connection = True
        self._send_json(status, {"error": why})

    def _send_json(self, status: HTTPStatus, value: Json) -> None:
        self._send(status, json.dumps(value, ensure_ascii=False).encode(), "application/json; charset=utf-8")

    def _send(self, status: HTTPStatus, content: bytes, kind: str) -> None:
        self._send_head(status, kind, length=len(content))
        if self.command != "HEAD":
            self.wfile.write(content)

    def _send_head(self, status: HTTPStatus, kind: str, *, length: int | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        for name, value in guard.HEADERS.items():
            self.send_header(name, value)
        if length is not None:
            self.send_header("Content-Length", str(length))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()


def _text(fields: Json, name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str):
        raise BadFieldError(f"{name} {value!r}: a text is expected")
    return value


def _flag(fields: Json, name: str) -> bool:
    value = fields.get(name)
    if not isinstance(value, bool):
        raise BadFieldError(f"{name} {value!r}: true or false is expected")
    return value
