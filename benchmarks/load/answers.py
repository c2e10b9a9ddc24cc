"""What the endpoint has to answer, and whether it did."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chatops_local.slack import HttpAnswer

EPHEMERAL = "ephemeral"
IN_CHANNEL = "in_channel"

_EXCERPT = 200


@dataclass(frozen=True)
class Plain:
    """A body that is no message.

    Attributes:
        body: All of it.
    """

    body: str

    def is_in(self, answer: HttpAnswer) -> bool:
        """Whether the answer has this body."""
        return answer.body == self.body.encode() and answer.content_type == "text/plain"


@dataclass(frozen=True)
class Said:
    """A message in Slack's JSON.

    Attributes:
        audience: Its `response_type`.
        text: What its text contains.
    """

    audience: str
    text: tuple[str, ...]

    def is_in(self, answer: HttpAnswer) -> bool:
        """Whether the answer is this message."""
        message = _message(answer)
        text = str(message.get("text", ""))
        return message.get("response_type") == self.audience and all(part in text for part in self.text)


@dataclass(frozen=True)
class Expected:
    """The right answer to a request.

    Attributes:
        status: The HTTP status.
        bodies: The right bodies, of which the answer has one.
    """

    status: int
    bodies: tuple[Plain | Said, ...]

    def is_met_by(self, answer: HttpAnswer) -> bool:
        """Whether the answer is right."""
        return answer.status == self.status and any(body.is_in(answer) for body in self.bodies)


def described(answer: HttpAnswer) -> str:
    """A wrong answer, for people."""
    if answer.status is None:
        return f"no answer after {answer.ms:,.0f} ms: {answer.problem}"
    return f"HTTP {answer.status} {answer.content_type}: {answer.body[:_EXCERPT].decode('utf-8', 'replace')!r}"


def _message(answer: HttpAnswer) -> dict[str, Any]:
    if answer.content_type != "application/json":
        return {}
    try:
        message = json.loads(answer.body)
    except ValueError:
        return {}
    return message if isinstance(message, dict) else {}
