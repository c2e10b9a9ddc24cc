"""How Slack signs its requests (https://docs.slack.dev/authentication/verifying-requests-from-slack)."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


@dataclass(frozen=True)
class SignedRequest:
    """The exact bytes and headers of one request: delivering it twice is a replay."""

    body: bytes = field(repr=False)
    headers: dict[str, str] = field(repr=False)

    @property
    def digest(self) -> str:
        """The SHA-256 of the body, which endpoints name executions after."""
        return hashlib.sha256(self.body).hexdigest()


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """The value of `X-Slack-Signature`: `v0=` and the HMAC-SHA256 of `v0:timestamp:body`."""
    return "v0=" + hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256).hexdigest()


def sign(secret: str, timestamp: str, body: bytes, content_type: str = FORM) -> SignedRequest:
    """`body` as Slack would POST it at `timestamp` (Unix seconds): commands and clicks are forms, events are JSON."""
    return SignedRequest(
        body,
        {
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "Accept": "application/json,*/*",
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(secret, timestamp, body),
        },
    )
