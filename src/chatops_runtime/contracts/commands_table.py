"""The commands table: which state machine runs a command, who may run it, and what `help` says.

The CDK side writes it as one JSON file into a layer of the dispatch function, since 60 commands need about 15 KB and a
function's environment holds 4 KB (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html). Names of
state machines are derived from construct paths, so that the file holds no CloudFormation token.

    {
      "version": 2,
      "commands": {
        "/ps":          {"machine": "Ops-Slack-Ps", "description": "top processes", "usage": "/ps",
                         "accepts_text": false, "visible": "channel", "allow": {"kind": "workspace"}},
        "/ops restart": {…, "usage": "/ops restart <nginx|app> [--force]", "arguments": [declaration, …],
                         "approval": {"channel": "C…"}, "confirms": true, "cancellable": true,
                         "documents": ["Ops_Slack_OpsRestart_…"]}
      },
      "aliases": {"/restart": "/ops restart", "/ops rs": "/ops restart"},
      "events": {
        "app_mention":  {"machine": "Ops-Slack-OnAppMention", "description": "answers", "visible": "channel",
                         "allow": {"kind": "workspace"}, "reply_in": "thread"},
        "message.im":   {…, "from_bots": true, "channels": ["C…"], "subtypes": ["message_changed"]}
      },
      "interactions": {
        "block_actions:deploy_now": {"machine": "Ops-Slack-OnDeployNow", "description": "deploys", "visible": "user",
                                     "allow": {"kind": "channel", "ids": ["C…"]}},
        "shortcut:page_*":          {…}
      },
      "refusals": "Ops-Slack-Refusals",
      "decisions": "Ops-Slack-Decisions"
    }

Of a command, the later keys are absent when they do not apply:

- `accepts_text`: whether anything may be typed after it: what `arguments` declares (see
  `chatops_runtime.contracts.arguments`), or any text without that.
- `visible`: `channel` (everybody in the channel sees command and result) or `user` (only who typed it).
- `allow`: a rule, see below.
- `approval`: where somebody is asked to approve it. `confirms`: who typed it is asked whether it is meant.
- `cancellable`: it can be cancelled while it runs. `documents`: the SSM documents whose commands a cancel ends.
  `remote_calls`: the function that makes their calls, if they are in another account or region.

`events` are those of the Events API that have a function, by the name under which an app subscribes to them; `message`
is all of `message.channels`, `message.groups`, `message.im` and `message.mpim` that have no function of their own.
`reply_in`: `thread` or `channel`. The later keys are absent when they do not apply: whether those of other apps' bots
count, in which channels, and which subtypes of a message beside `MESSAGE_SUBTYPES`. `interactions` are those with
controls that are not ours, shortcuts and modals, by type and `action_id` or `callback_id`, of which one that ends with
`*` is a beginning. Both are absent without any.

`aliases` are other names, each for a name under `commands`: absent without any. `refusals` is the state machine that
keeps the audit line of a command that was refused, see `chatops_runtime.contracts.audit`; `decisions` the one that
handles clicks, absent if nothing can be clicked.

A rule says who may do something:

    {"kind": "workspace"}                                          everybody in the workspace
    {"kind": "members"}                                            everybody in it who is no guest
    {"kind": "channel", "ids": ["C…"]}                             everybody in these channels
    {"kind": "user", "ids": ["U…"]}                                these people
    {"kind": "user_group", "ids": ["S…"]}                          who is in one of these groups at that moment
    {"kind": "all", "of": [rule, …]}                               whom every one of the rules lets
    {"kind": "any", "of": [rule, …]}                               whom at least one of the rules lets
    {"kind": "argument", "name": "stage", "values": ["prod"]}      whoever, if the argument has one of the values
"""

from __future__ import annotations

import json
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, Literal, TypedDict

    from chatops_runtime.contracts.arguments import ArgumentDeclaration

    class ApprovalEntry(TypedDict):
        """Where a command's approval is asked for."""

        channel: str

    class _AnyCommand(TypedDict):
        machine: str
        description: str
        usage: str
        accepts_text: bool
        visible: Literal["channel", "user"]
        allow: dict[str, Any]

    class CommandEntry(_AnyCommand, total=False):
        """What the table says about one command."""

        arguments: list[ArgumentDeclaration]
        approval: ApprovalEntry
        confirms: bool
        cancellable: bool
        documents: list[str]
        remote_calls: str

    class HandlerEntry(TypedDict):
        """What the table says about what answers an interaction."""

        machine: str
        description: str
        visible: Literal["channel", "user"]
        allow: dict[str, Any]

    class _AnyEvent(HandlerEntry):
        reply_in: Literal["thread", "channel"]

    class EventEntry(_AnyEvent, total=False):
        """What the table says about what answers an event."""

        from_bots: bool
        channels: list[str]
        subtypes: list[str]

    class _AnyTable(TypedDict):
        version: int
        commands: dict[str, CommandEntry]
        refusals: str

    class CommandsTable(_AnyTable, total=False):
        """The whole file."""

        aliases: dict[str, str]
        events: dict[str, EventEntry]
        interactions: dict[str, HandlerEntry]
        decisions: str


VERSION = 2
FILE_NAME = "chatops_commands.json"
LAYER_FOLDER = "python"
"""Lambda puts this folder of a layer on `sys.path`, which is how `read` finds the file."""

VISIBLE_TO_CHANNEL = "channel"
VISIBLE_TO_USER = "user"

REPLY_IN_THREAD = "thread"
REPLY_IN_CHANNEL = "channel"

MESSAGE_SUBTYPES = ("", "file_share", "me_message", "thread_broadcast")
"""What people write. The others are about messages: changed, deleted, somebody has joined.

https://docs.slack.dev/reference/events/message#subtypes
"""


def render(
    commands: dict[str, CommandEntry],
    *,
    refusals: str,
    aliases: dict[str, str] | None = None,
    events: dict[str, EventEntry] | None = None,
    interactions: dict[str, HandlerEntry] | None = None,
    decisions: str = "",
) -> str:
    """The file's text: the same for the same commands, in whatever order they were added.

    Args:
        commands: The commands by name.
        refusals: The name of the state machine for refusals.
        aliases: Other names, each with the name that it stands for.
        events: What answers events, by their names.
        interactions: What answers interactions, by type and id.
        decisions: The name of the state machine for clicks, if there is anything to click.
    """
    table: CommandsTable = {"version": VERSION, "commands": commands, "refusals": refusals}
    if aliases:
        table["aliases"] = aliases
    if events:
        table["events"] = events
    if interactions:
        table["interactions"] = interactions
    if decisions:
        table["decisions"] = decisions
    return json.dumps(table, ensure_ascii=False, indent=1, sort_keys=True)


def read(folders: Iterable[str] | None = None) -> CommandsTable:
    """The table from the first of `folders` (default: `sys.path`) that has one.

    Raises:
        FileNotFoundError: No folder has the file: the function lacks its layer.
        ValueError: The file is of another version than this code.
    """
    for folder in sys.path if folders is None else folders:
        try:
            with open(f"{folder}/{FILE_NAME}", encoding="utf-8") as file:  # noqa: PTH123 - pathlib costs the ack path 5 ms
                table: CommandsTable = json.load(file)
        except (FileNotFoundError, NotADirectoryError):
            continue
        if table["version"] != VERSION:
            raise ValueError(f"{FILE_NAME} has version {table['version']}, this code reads version {VERSION}")
        return table
    raise FileNotFoundError(
        f"no {FILE_NAME} on sys.path: the dispatch function lacks its layer with the commands table"
    )
