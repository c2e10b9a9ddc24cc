"""Requests as Slack makes them, and Lambda events that carry them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from urllib.parse import urlencode

TYPE_CHECKING = False  # a test of imports uses this module
if TYPE_CHECKING:
    from typing import Any

SECRET = "0123456789abcdef0123456789abcdef"
TEAM = "T0123ABCD"
APP = "A0123ABCD"
RESPONSE_URL = f"https://hooks.slack.com/commands/{TEAM}/397700885554/canaryResponseUrl"


def form(**fields: str | None) -> bytes:
    """A slash command's form; a field of None is left out."""
    return urlencode(
        {
            name: value
            for name, value in {
                "token": "canary-verification-token",
                "team_id": TEAM,
                "team_domain": "example",
                "channel_id": "C0123OPS",
                "channel_name": "ops",
                "user_id": "U0123TARO",
                "user_name": "taro",
                "command": "/ps",
                "text": "",
                "api_app_id": APP,
                "is_enterprise_install": "false",
                "response_url": RESPONSE_URL,
                "trigger_id": "1.2.canary-trigger",
                **fields,
            }.items()
            if value is not None
        }
    ).encode()


def signed(body: bytes, *, secret: str = SECRET, timestamp: str | None = None) -> dict[str, str]:
    timestamp = str(int(time.time())) if timestamp is None else timestamp
    digest = hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {"x-slack-request-timestamp": timestamp, "x-slack-signature": f"v0={digest}"}


def event(
    body: bytes, headers: dict[str, str] | None = None, *, method: str = "POST", encoded: bool = False
) -> dict[str, Any]:
    """Payload 2.0: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html"""
    return {
        "version": "2.0",
        "rawPath": "/slack",
        "headers": {
            "content-type": "application/x-www-form-urlencoded",
            **(signed(body) if headers is None else headers),
        },
        "requestContext": {"http": {"method": method, "path": "/slack"}},
        "body": base64.b64encode(body).decode() if encoded else body.decode(),
        "isBase64Encoded": encoded,
    }


class Context:
    """Lambda's context, as far as the functions read it."""

    aws_request_id = "11111111-2222-3333-4444-555555555555"
    invoked_function_arn = "arn:aws:lambda:eu-central-1:123456789012:function:Ops-Dispatch:live"

    def __init__(self, remaining: int = 10_000) -> None:
        self.remaining = remaining

    def get_remaining_time_in_millis(self) -> int:
        return self.remaining
