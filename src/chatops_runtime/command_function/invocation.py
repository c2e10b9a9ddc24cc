"""From Lambda's event to the user's function and back."""

from __future__ import annotations

import importlib
import os
from functools import cache
from typing import TYPE_CHECKING, Any

from chatops_runtime.command_function.reply import Reply
from chatops_runtime.command_function.slack_command import SlackCommand
from chatops_runtime.contracts import environment

if TYPE_CHECKING:
    from collections.abc import Callable

    CommandFunction = Callable[[SlackCommand], Reply | str | None]


class HandlerConfigurationError(Exception):
    """`CHATOPS_HANDLER` names no function."""


def handler(event: dict[str, Any], context: object) -> dict[str, Any] | None:
    """Call the function that `CHATOPS_HANDLER` names with the command in `event`.

    Raises:
        HandlerConfigurationError: There is no such function.
        TypeError: It answered something else than a Reply, a str or None.
    """
    del context  # a plain function needs none of it
    name = os.environ.get(environment.HANDLER, "")
    function = _function(name)
    answer = function(SlackCommand.from_event(event))
    if answer is None:
        return None
    if isinstance(answer, str):
        return Reply(answer).to_contract()
    if isinstance(answer, Reply):
        return answer.to_contract()
    raise TypeError(f"{name} answered with a value of type {type(answer).__name__}: return a Reply, a str or None")


@cache
def _function(name: str) -> CommandFunction:
    module_name, _, function_name = name.rpartition(".")
    if not module_name or not function_name:
        raise HandlerConfigurationError(
            f"environment variable {environment.HANDLER} is {name!r}: give module.function, such as greetings.hello"
        )
    try:
        module = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        # A module that the user's own module imports is missing as well, and then that is what to say.
        if error.name is None or not (module_name == error.name or module_name.startswith(f"{error.name}.")):
            raise
        raise HandlerConfigurationError(
            f"environment variable {environment.HANDLER} is {name!r}: there is no module {error.name}; "
            "is it in the function's code, at its top?"
        ) from None
    function = getattr(module, function_name, None)
    if not callable(function):
        problem = "has no" if function is None else "has something that is no function as"
        raise HandlerConfigurationError(
            f"environment variable {environment.HANDLER} is {name!r}: module {module_name} {problem} {function_name}"
        )
    return function  # type: ignore[no-any-return]  # what it returns is checked at each call
