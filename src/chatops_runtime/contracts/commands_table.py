"""The commands table: which state machine runs a command, who may run it, and what `help` says.

The CDK side writes it as one JSON file into a layer of the dispatch function, since 60 commands need about 15 KB and a
function's environment holds 4 KB (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html). Names of
state machines are derived from construct paths, so that the file holds no CloudFormation token.

    {
      "version": 1,
      "commands": {
        "/ps":          {"machine": "Ops-Slack-Ps", "description": "top processes", "usage": "/ps",
                         "accepts_text": false, "visible": "channel", "allow": {"kind": "workspace"}},
        "/ops restart": {…}
      },
      "refusals": "Ops-Slack-Refusals"
    }

`allow` is one of `{"kind": "workspace"}`, `{"kind": "channel", "ids": [...]}` and `{"kind": "user", "ids": [...]}`.
`visible` is `channel` (everybody in the channel sees command and result) or `user` (only who typed it).
`refusals` is the state machine that keeps the audit line of a command that was refused, see
`chatops_runtime.contracts.audit`.
"""

from __future__ import annotations

import json
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, Literal, TypedDict

    class CommandEntry(TypedDict):
        """What the table says about one command."""

        machine: str
        description: str
        usage: str
        accepts_text: bool
        visible: Literal["channel", "user"]
        allow: dict[str, Any]

    class CommandsTable(TypedDict):
        """The whole file."""

        version: int
        commands: dict[str, CommandEntry]
        refusals: str


VERSION = 1
FILE_NAME = "chatops_commands.json"
LAYER_FOLDER = "python"
"""Lambda puts this folder of a layer on `sys.path`, which is how `read` finds the file."""

VISIBLE_TO_CHANNEL = "channel"
VISIBLE_TO_USER = "user"


def render(commands: dict[str, CommandEntry], *, refusals: str) -> str:
    """The file's text: the same for the same commands, in whatever order they were added.

    Args:
        commands: The commands by name.
        refusals: The name of the state machine for refusals.
    """
    table: CommandsTable = {"version": VERSION, "commands": commands, "refusals": refusals}
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
