"""A request that reached one of Slack's hosts, and the answer: what the sites of the double work with."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from chatops_local.slack.content import RejectedError

if TYPE_CHECKING:
    from email.message import Message


class HangUpError(Exception):
    """The connection ends without an answer."""


@dataclass(frozen=True)
class Request:
    """One request."""

    method: str
    host: str
    target: str = field(repr=False)
    headers: Message = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def path(self) -> str:
        """The target without its query."""
        return urlsplit(self.target).path

    def fields(self) -> dict[str, Any]:
        """The body's fields: of a JSON object, or of a form.

        Raises:
            RejectedError: `invalid_json` or `invalid_form_data`.
        """
        if self.headers.get_content_type() == "application/json":
            return _json_object(self.body)
        try:
            return dict(parse_qsl(self.body.decode(), keep_blank_values=True))
        except ValueError:
            raise RejectedError("invalid_form_data") from None


@dataclass(frozen=True)
class Response:
    """One answer."""

    status: int
    body: bytes
    content_type: str = "application/json; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def json(cls, value: dict[str, Any], *, status: int = 200, **headers: str) -> Response:
        """Answer with a JSON object."""
        return cls(status, json.dumps(value, ensure_ascii=False).encode(), headers=headers)

    @classmethod
    def text(cls, value: str, *, status: int = 200) -> Response:
        """Answer with plain text."""
        return cls(status, value.encode(), "text/plain; charset=utf-8")


def _json_object(body: bytes) -> dict[str, Any]:
    if not body.strip():
        return {}
    try:
        value = json.loads(body)
    except ValueError:
        raise RejectedError("invalid_json") from None
    if not isinstance(value, dict):
        raise RejectedError("json_not_object")
    return value
