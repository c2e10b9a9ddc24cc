"""From Lambda's event to the user's function and back."""

from __future__ import annotations

from typing import Any

from chatops_runtime import user_function
from chatops_runtime.command_function.answer import to_contract
from chatops_runtime.command_function.slack_command import SlackCommand


def handler(event: dict[str, Any], context: object) -> dict[str, Any] | None:
    """Call the function that `CHATOPS_HANDLER` names with the command in `event`.

    Raises:
        HandlerConfigurationError: There is no such function.
        TypeError: It answered something else than a Reply, a str or None.
    """
    del context  # a plain function needs none of it
    name = user_function.name()
    function = user_function.load(name)
    return to_contract(function(SlackCommand.from_event(event)), name=name)
