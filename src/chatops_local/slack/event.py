"""The JSON that Slack's Events API sends: an envelope around an event, and the check of a Request URL.

https://docs.slack.dev/apis/events-api#callback-field, and the example with both at
https://docs.slack.dev/reference/events/app_mention
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

from chatops_local.slack.block_actions import as_posted
from chatops_local.slack.ids import new_word

if TYPE_CHECKING:
    from chatops_local.slack.message import Message
    from chatops_local.slack.workspace import SlackApp

Json = dict[str, Any]


def envelope(event: Json, app: SlackApp, team: str, event_id: str, event_time: int) -> bytes:
    """The request's body for an event of workspace `team`, in Slack's order."""
    return _encoded(
        {
            "token": app.verification_token,
            "team_id": team,
            "context_team_id": app.team_id,
            "context_enterprise_id": None,
            "api_app_id": app.app_id,
            "event": event,
            "type": "event_callback",
            "event_id": event_id,
            "event_time": event_time,
            # One installation that sees it, whoever else does:
            # https://docs.slack.dev/apis/events-api#authorizations
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": app.team_id,
                    "user_id": app.bot_user_id,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": team != app.team_id,
            "event_context": _event_context(event, app),
        }
    )


def url_verification(app: SlackApp) -> tuple[bytes, str]:
    """The body with which Slack checks a Request URL, and the challenge in it.

    https://docs.slack.dev/reference/events/url_verification
    """
    challenge = new_word(52)
    fields = {"token": app.verification_token, "challenge": challenge, "type": "url_verification"}
    return _encoded(fields), challenge


def mention_of(app: SlackApp, message: Message, team: str) -> Json:
    """The `app_mention` that a message leads to."""
    return {
        "type": "app_mention",
        **_said(app, message, team),
        "channel": message.channel,
        "event_ts": message.ts,
    }


def message_event(app: SlackApp, message: Message) -> Json:
    """The `message` that a message leads to; what an app has posted, Slack marks with the app's `bot_id`.

    https://docs.slack.dev/reference/events/message
    """
    kinds = {"D": "im", "G": "group"}
    return {
        **as_posted(app, message),
        "channel": message.channel,
        "event_ts": message.ts,
        "channel_type": kinds.get(message.channel[0], "channel"),
    }


def channel_of(event: Json) -> str:
    """The conversation that an event is about; empty if it is about none."""
    channel = event.get("channel") or (event.get("item") or {}).get("channel") or ""
    return str(channel.get("id", "") if isinstance(channel, dict) else channel)


def user_of(event: Json) -> str:
    """Who did what an event tells of; empty if nobody did."""
    user = event.get("user") or event.get("user_id") or ""
    return str(user.get("id", "") if isinstance(user, dict) else user)


def _said(app: SlackApp, message: Message, team: str) -> Json:
    said = as_posted(app, message)
    del said["type"]
    # https://docs.slack.dev/apis/slack-connect: of somebody of another workspace it is said of which.
    return said | ({"user_team": team, "source_team": team} if team != app.team_id else {})


def _event_context(event: Json, app: SlackApp) -> str:
    about = {"et": event["type"], "tid": app.team_id, "aid": app.app_id, "cid": channel_of(event)}
    return "4-" + base64.b64encode(json.dumps(about, separators=(",", ":")).encode()).decode().rstrip("=")


def _encoded(fields: Json) -> bytes:
    """JSON as Slack writes it: ASCII, with every slash escaped."""
    return json.dumps(fields, separators=(",", ":")).replace("/", "\\/").encode()
