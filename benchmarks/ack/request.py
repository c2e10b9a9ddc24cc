"""Slack's request, as a Lambda event."""

from __future__ import annotations

import itertools
import json
import time
from urllib.parse import urlencode

from chatops_runtime.slack import signature

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
"""The example of Slack's own documentation: https://docs.slack.dev/authentication/verifying-requests-from-slack"""

TEAM, APP = "T0123ABCD", "A0123ABCD"

SECRET_PARAMETER = "/ops/slack-signing-secret"
SWITCH_PARAMETER = "/ops/off-switch"

_numbers = itertools.count(1)


def new() -> bytes:
    """The event of `/ps`, typed now, another one each time."""
    body = urlencode(
        {
            "token": "gIkuvaNzQIHg97ATvDxqgjtO",
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
            "response_url": f"https://hooks.slack.com/commands/{TEAM}/397700885554/96rGlfmibIGlgcZRskXaIFfN",
            "trigger_id": f"398738663015.47445629121.{next(_numbers)}",
        }
    )
    timestamp = str(int(time.time()))
    return json.dumps(
        {
            "version": "2.0",
            "rawPath": "/slack",
            "rawQueryString": "",
            "headers": {
                "content-type": "application/x-www-form-urlencoded",
                signature.TIMESTAMP_HEADER: timestamp,
                signature.SIGNATURE_HEADER: signature.sign(SECRET, timestamp, body.encode()),
            },
            "requestContext": {"http": {"method": "POST", "path": "/slack"}},
            "body": body,
            "isBase64Encoded": False,
        }
    ).encode()
