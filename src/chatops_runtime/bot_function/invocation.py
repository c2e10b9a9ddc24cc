"""From Lambda's event to the user's function and back."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from chatops_runtime import user_function
from chatops_runtime.command_function.answer import to_contract
from chatops_runtime.contracts import bot

READERS = {
    bot.EVENT: "chatops_runtime.bot_function.slack_event",
    bot.INTERACTION: "chatops_runtime.bot_function.slack_interaction",
    bot.SCHEDULED: "chatops_runtime.bot_function.scheduled_run",
}
"""By kind: the module whose `from_event` makes of an event what the user's function is called with.

By name, since a function receives one kind as a rule and need not load the others.
"""


def handler(event: dict[str, Any], context: object) -> dict[str, Any] | None:
    """Call the function that `CHATOPS_HANDLER` names with what is in `event`: `chatops_runtime.contracts.bot`.

    Raises:
        HandlerConfigurationError: There is no such function.
        ValueError: The event is none, or of another version or kind than this code reads.
        TypeError: The function answered something else than a Reply, a str or None.
    """
    del context  # a plain function needs none of it
    name = user_function.name()
    function = user_function.load(name)
    return to_contract(function(_read(event)), name=name)


def _read(event: object) -> Any:  # noqa: ANN401 - of the class that the kind has
    version, kind = (event.get("version"), event.get("kind")) if isinstance(event, dict) else (None, None)
    if version != bot.VERSION or kind not in READERS:
        raise ValueError(
            f"the event is of the kind {kind!r} and of version {version!r}, this code reads {', '.join(READERS)} "
            f"of version {bot.VERSION}: the function is to be invoked by a bot's state machine, "
            "and its layer to be deployed with it"
        )
    return import_module(READERS[kind]).from_event(event)
