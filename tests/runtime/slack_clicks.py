"""Clicks as Slack sends them: https://docs.slack.dev/reference/interaction-payloads/block_actions-payload"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from tests.runtime.slack_requests import APP, TEAM

ACTIONS_URL = f"https://hooks.slack.com/actions/{TEAM}/6504673413/canaryResponseUrl"
HANDLE = f"v1:Ops-Restart:{'0a' * 32}:4f8c8f0e-0000-4000-8000-1234567890ab"


def payload(action_id: str = "chatops.approve", value: str = HANDLE, **fields: Any) -> dict[str, Any]:
    """The payload of a click by Taro on a button; `fields` take the place of its own, those of None are left out."""
    own = {
        "type": "block_actions",
        "user": {"id": "U0123TARO", "username": "taro", "name": "taro", "team_id": TEAM},
        "api_app_id": APP,
        "token": "canary-verification-token",
        "container": {
            "type": "message",
            "message_ts": "1763773430.000100",
            "channel_id": "C0123OPS",
            "is_ephemeral": False,
        },
        "trigger_id": "1.2.canary-trigger",
        "team": {"id": TEAM, "domain": "example"},
        "enterprise": None,
        "is_enterprise_install": False,
        "channel": {"id": "C0123OPS", "name": "ops"},
        "message": {"type": "message", "text": "canaryMessage", "ts": "1763773430.000100"},
        "state": {"values": {}},
        "response_url": ACTIONS_URL,
        "actions": [
            {
                "action_id": action_id,
                "block_id": "b",
                "text": {"type": "plain_text", "text": "Approve", "emoji": True},
                "value": value,
                "type": "button",
                "action_ts": "1763773431.112233",
            }
        ],
        **fields,
    }
    return {name: field for name, field in own.items() if field is not None or name == "enterprise"}


def interaction(content: object) -> bytes:
    """The form with the payload."""
    return urlencode({"payload": json.dumps(content)}).encode()


def click(action_id: str = "chatops.approve", value: str = HANDLE, **fields: Any) -> bytes:
    """The form of a click, see `payload`."""
    return interaction(payload(action_id, value, **fields))
