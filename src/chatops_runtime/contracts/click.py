"""What dispatch hands to the decide machine: a click, or something to say to somebody who clicked.

Dispatch has verified that Slack sent it, that it is of this workspace and this app, and that `response_url` is
Slack's. Whether the user may do what the control says, and whether the handle in `value` is authentic, is decide's to
find out. The execution's name is the SHA-256 of the request's body, and so is `id`.

    {
      "version": 1,
      "kind": "click",
      "id": "<the execution's name>",
      "team_id": "T…",                          the endpoint's workspace
      "user_id": "U…", "user_name": "taro",     who clicked
      "user_team_id": "T…",                     the user's workspace: another one over Slack Connect; "" if unsaid
      "channel_id": "C…", "message_ts": "1763773430.000100", "is_ephemeral": false,    the message with the control
      "response_url": "https://hooks.slack.com/actions/T…/…/…",
      "action_id": "chatops.approve",           one of chatops_runtime.contracts.control.DECIDED
      "value": "v1:…",                          the control's handle
      "selected": ["i-0a1b2c3d"],               what is chosen in all menus of the message, in their order
      "switched_off": ""                        or the words of an off-switch that is off
    }

    {
      "version": 1,
      "kind": "say",
      "id": "<the execution's name>",
      "team_id": "T…",
      "response_url": "https://hooks.slack.com/actions/T…/…/…",
      "text": "mrkdwn",
      "visible": "user",                        only who clicked sees it
      "cancel": "v1:…"                          the handle for a Cancel button below the text; "": there is none
    }

The second is the answer to a click on a button that runs a command: Slack shows nothing of what a click is answered.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal, TypedDict

    class Click(TypedDict):
        """Somebody clicked on a control of ours."""

        version: int
        kind: Literal["click"]
        id: str
        team_id: str
        user_id: str
        user_name: str
        user_team_id: str
        channel_id: str
        message_ts: str
        is_ephemeral: bool
        response_url: str
        action_id: str
        value: str
        selected: list[str]
        switched_off: str

    class Say(TypedDict):
        """Something is to be said to who clicked."""

        version: int
        kind: Literal["say"]
        id: str
        team_id: str
        response_url: str
        text: str
        visible: Literal["user"]
        cancel: str


VERSION = 1

CLICK = "click"
SAY = "say"

VISIBLE_TO_USER = "user"
