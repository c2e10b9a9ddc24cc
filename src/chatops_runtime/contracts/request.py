"""The input of a command's execution: what the user asked for. A pure function of the request and the commands table.

It is purely that so that a redelivered or replayed request has the same name *and* the same input, which
StartExecution answers with the execution that it started the first time.

    {
      "version": 1,
      "command": "/ops restart",        the key in the commands table
      "text": "web",                    what was typed after it, blanks trimmed
      "team_id": "T…", "channel_id": "C…", "channel_name": "ops", "user_id": "U…", "user_name": "taro",
      "response_url": "https://hooks.slack.com/commands/T…/…/…",
      "visible": "channel" | "user",    who sees command and result, from the commands table
      "script_environment": "Q0hB…"     see chatops_runtime.contracts.script_environment
    }
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypedDict

    class CommandRequest(TypedDict):
        """The execution's input."""

        version: int
        command: str
        text: str
        team_id: str
        channel_id: str
        channel_name: str
        user_id: str
        user_name: str
        response_url: str
        visible: str
        script_environment: str


VERSION = 1

SHORT_ID_LENGTH = 10


def short_id(execution_name: str) -> str:
    """The id that people see: the first characters of the execution's name."""
    return execution_name[:SHORT_ID_LENGTH]
