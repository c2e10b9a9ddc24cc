"""Requests of the Events API as Slack makes them: https://docs.slack.dev/apis/events-api#callback-field"""

from __future__ import annotations

import json
from typing import Any

from tests.runtime.slack_requests import APP, TEAM, signed

BOT_USER = "U0123BOT"
EVENT_ID = "Ev0123ABCDE"
TS = "1763773430.000100"


def mention(**fields: Any) -> dict[str, Any]:
    """An inner event: Taro mentions the app. `fields` take the place of its own, those of None are left out."""
    own = {
        "type": "app_mention",
        "user": "U0123TARO",
        "text": f"<@{BOT_USER}> canaryTyped",
        "ts": TS,
        "channel": "C0123OPS",
        "event_ts": TS,
        "team": TEAM,
        **fields,
    }
    return {name: field for name, field in own.items() if field is not None}


def message(**fields: Any) -> dict[str, Any]:
    """An inner event: Taro writes something in a channel."""
    return mention(**{"type": "message", "channel_type": "channel", "text": "canaryTyped", **fields})


def callback(event: Any = None, **fields: Any) -> dict[str, Any]:
    """The body around an inner event, a mention by default."""
    own = {
        "token": "canary-verification-token",
        "team_id": TEAM,
        "context_team_id": TEAM,
        "context_enterprise_id": None,
        "api_app_id": APP,
        "event": mention() if event is None else event,
        "type": "event_callback",
        "event_id": EVENT_ID,
        "event_time": 1_763_773_430,
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": TEAM,
                "user_id": BOT_USER,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": "4-canary",
        **fields,
    }
    return {name: field for name, field in own.items() if field is not None or name == "context_enterprise_id"}


def body(content: object = None) -> bytes:
    """A request's body, of `callback()` by default."""
    return json.dumps(callback() if content is None else content).encode()


def of(event: dict[str, Any], **fields: Any) -> bytes:
    """The body of an inner event."""
    return body(callback(event, **fields))


def headers(content: bytes, **more: str) -> dict[str, str]:
    """Those that Slack signs a body with, and others."""
    return {**signed(content), "content-type": "application/json", **more}
