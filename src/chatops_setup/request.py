"""Requests to an endpoint as Slack makes them, which start nothing."""

from __future__ import annotations

import hmac
import json
import time
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from chatops_setup.https import Answer, post

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_setup.contents import Endpoint
    from chatops_setup.parameters import Secret

USER = "U0SETUPPROBE"
"""Nobody: by it the endpoint's log tells these requests from people's."""

_CHANNEL = "C0SETUPPROBE"

CHALLENGE = "chatops-constructs"
"""What is to be answered."""


def ssl_check(url: str) -> Answer:
    """The check of a certificate that Slack sends now and then, unsigned: it is answered before all else.

    https://docs.slack.dev/interactivity/implementing-slash-commands
    """
    return _send(url, urlencode({"ssl_check": "1"}).encode(), {})


def ask_for_help(url: str, endpoint: Endpoint, secret: Secret) -> Answer:
    """A signed `help` of the first command, which every endpoint answers by itself."""
    body = urlencode(
        {
            "team_id": endpoint.team_id,
            "team_domain": "setup",
            "channel_id": _CHANNEL,
            "channel_name": "setup",
            "user_id": USER,
            "user_name": "setup",
            "command": next(iter(endpoint.slash_commands), "/help"),
            "text": "help",
            "api_app_id": endpoint.app_id,
            # Of the form that Slack's have. Nothing is started, so nobody answers there.
            "response_url": f"https://hooks.slack.com/commands/{endpoint.team_id}/0/setup",
            "trigger_id": f"setup.{time.time_ns()}",
        }
    ).encode()
    return _send(url, body, signature(body, secret, int(time.time())))


def verify_url(url: str, secret: Secret) -> Answer:
    """What Slack sends when the Request URL of events is entered: https://docs.slack.dev/reference/events/url_verification."""
    body = json.dumps({"type": "url_verification", "token": "setup", "challenge": CHALLENGE}).encode()
    return _send(url, body, signature(body, secret, int(time.time())), "application/json")


def signature(body: bytes, secret: Secret, now: int) -> dict[str, str]:
    """The headers by which Slack signs: https://docs.slack.dev/authentication/verifying-requests-from-slack."""
    signed = hmac.new(secret.value.strip().encode(), b"v0:%d:%s" % (now, body), "sha256").hexdigest()
    return {"X-Slack-Request-Timestamp": str(now), "X-Slack-Signature": f"v0={signed}"}


def _send(
    url: str, body: bytes, headers: Mapping[str, str], content_type: str = "application/x-www-form-urlencoded"
) -> Answer:
    return post(url, body, {"Content-Type": content_type, **headers})
