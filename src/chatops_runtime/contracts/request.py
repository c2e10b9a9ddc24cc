"""The input of a command's execution: what the user asked for. A pure function of the request and the commands table.

It is purely that so that a redelivered or replayed request has the same name *and* the same input, which
StartExecution answers with the execution that it started the first time.

    {
      "version": 1,
      "command": "/ops restart",        the key in the commands table
      "text": "web --since 3h",         what was typed after it, blanks trimmed; an alias's own words before it
      "arguments": {"service": "web", "since": 10800},    typed; {} for a command that declares none
      "source": "typed" | "button",     whether the user typed it, or clicked on a button that says it
      "team_id": "T…", "channel_id": "C…", "channel_name": "ops", "user_id": "U…", "user_name": "taro",
      "response_url": "https://hooks.slack.com/commands/T…/…/…",     of a click: https://hooks.slack.com/actions/…
      "visible": "channel" | "user",    who sees command and result, from the commands table
      "script_environment": "Q0hB…"     see chatops_runtime.contracts.script_environment
    }

`arguments` holds text, whole numbers and truth values, as `chatops_runtime.contracts.arguments` says for each kind; a
value of `null` is still to be chosen from a menu. A time is `2026-11-22T10:00:00Z`, or `-10800`, text as well: so many
seconds before the execution's StartTime.

An event or an interaction that has a function is a request as well, with these differences:

    {
      …
      "command": "app_mention",         the key under `events` or `interactions` in the commands table
      "text": "<@U…> hello",            of an event: its message; of an interaction: ""
      "source": "event" | "interaction",
      "user_id": "", "channel_id": "",  empty if it is of nobody, or of no channel
      "response_url": "",               empty but for interactions with a message
      "script_environment": "",
      "thread_ts": "1763773430.000100", below which message it is answered; empty: below none
      "occurrence": {…}                 what only the function is to know, see `chatops_runtime.contracts.bot`
    }
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, TypedDict

    from chatops_runtime.contracts.arguments import Value

    class CommandRequest(TypedDict):
        """The execution's input."""

        version: int
        command: str
        text: str
        arguments: dict[str, Value]
        source: str
        team_id: str
        channel_id: str
        channel_name: str
        user_id: str
        user_name: str
        response_url: str
        visible: str
        script_environment: str

    class HandlerRequest(CommandRequest):
        """The input of an execution for an event or an interaction."""

        thread_ts: str
        occurrence: dict[str, Any]


VERSION = 1

TYPED = "typed"
BUTTON = "button"
EVENT = "event"
INTERACTION = "interaction"

EVENT_ID_PREFIX = "Ev"
"""Of Slack's ids of events, which are the names of their executions; no other name begins like that."""

SHORT_ID_LENGTH = 10


def short_id(execution_name: str) -> str:
    """The id that people see: the first characters of the execution's name; of an event all, for they begin alike."""
    return execution_name if execution_name.startswith(EVENT_ID_PREFIX) else execution_name[:SHORT_ID_LENGTH]


def script_variables(request: Mapping[str, Any], execution_name: str) -> dict[str, str]:
    """The environment variables that a script gets of a request: to be encoded as its `script_environment`.

    A variable of each argument's name in capitals stands beside ours, which all begin with `CHATOPS_`. An argument
    that is still to be chosen has none yet.

    Args:
        request: Of its fields, all but `script_environment`, and `arguments` may be missing.
        execution_name: The name of the command's execution.
    """
    variables = {
        "CHATOPS_COMMAND": request["command"],
        "CHATOPS_TEXT": request["text"],
        "CHATOPS_USER_ID": request["user_id"],
        "CHATOPS_USER_NAME": request["user_name"],
        "CHATOPS_CHANNEL_ID": request["channel_id"],
        "CHATOPS_CHANNEL_NAME": request["channel_name"],
        "CHATOPS_REQUEST_ID": execution_name,
    }
    for name, value in (request.get("arguments") or {}).items():
        if value is not None:
            variables[name.upper()] = as_text(value)
    return variables


def as_text(value: Value) -> str:
    """An argument's value as scripts and rules read it: `true` and `false` of a flag, the digits of a number."""
    return str(value).lower() if isinstance(value, bool) else str(value)
