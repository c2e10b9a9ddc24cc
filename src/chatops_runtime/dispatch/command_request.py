"""A slash command as the input of its state machine."""

from __future__ import annotations

import json

from chatops_runtime.contracts.request import VERSION, script_variables
from chatops_runtime.contracts.script_environment import encode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_runtime.contracts.arguments import Value
    from chatops_runtime.contracts.request import CommandRequest
    from chatops_runtime.slack.slash_command import SlashCommand

LONGEST_INPUT_BYTES = 100_000
"""Step Functions takes 262,144 bytes, but its event about an execution that ended leaves the input out when it grows
too large, escaped as it is there; then nobody could be told of that ending.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
"""


def command_request(
    command: SlashCommand, key: str, text: str, arguments: dict[str, Value], *, name: str, visible: str
) -> CommandRequest:
    """The execution's input: a pure function of the request's body, whose hash `name` is, and of the commands table."""
    request: CommandRequest = {
        "version": VERSION,
        "command": key,
        "text": text,
        "arguments": arguments,
        "source": command.source,
        "team_id": command.team_id,
        "channel_id": command.channel_id,
        "channel_name": command.channel_name,
        "user_id": command.user_id,
        "user_name": command.user_name,
        "response_url": command.response_url,
        "visible": visible,
        "script_environment": "",
    }
    request["script_environment"] = encode(script_variables(request, name))
    return request


def input_text(content: Mapping[str, object]) -> str:
    """An input as StartExecution takes it. The same text for the same request, since Step Functions compares it."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True)


def fits(request: CommandRequest) -> bool:
    """Whether an execution's input may be of this size."""
    return len(input_text(request).encode()) <= LONGEST_INPUT_BYTES
