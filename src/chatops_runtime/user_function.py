"""The plain Python function of a user's that a Lambda function is made of."""

from __future__ import annotations

import importlib
import os
from functools import cache
from typing import TYPE_CHECKING, Any

from chatops_runtime.contracts import environment

if TYPE_CHECKING:
    from collections.abc import Callable


class HandlerConfigurationError(Exception):
    """`CHATOPS_HANDLER` names no function."""


def name() -> str:
    """`module.function`, as the environment says it."""
    return os.environ.get(environment.HANDLER, "")


@cache
def load(name: str) -> Callable[[Any], Any]:
    """The function `module.function`; what it takes and returns is for the caller to know.

    Raises:
        HandlerConfigurationError: There is no such function.
    """
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
    return function  # type: ignore[no-any-return]  # that it can be called is what is known of it
