"""Functions whose process is killed, as that of a function that takes too much memory is.

https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_local.ministack.functions.invocation import error
from chatops_local.ministack.systems_manager.lost_answers import LostAnswers
from chatops_local.ministack.systems_manager.throttles import Throttles

if TYPE_CHECKING:
    from chatops_local.ministack.emulator import Emulator
    from chatops_local.ministack.functions.environment import Environment
    from chatops_local.ministack.functions.invocation import Invocation


class Crashes:
    """Every invocation passes through these, by the function's name; without being told, they do nothing."""

    def __init__(self) -> None:
        """Start with none."""
        self._at_the_beginning = Throttles()
        self._at_the_end = LostAnswers()

    def apply(self, emulator: Emulator) -> None:
        """Let the controller set them."""
        emulator.calls.update(
            crash_function=self._at_the_beginning.throttle, lose_function_answer=self._at_the_end.lose
        )

    def run(self, environment: Environment, invocation: Invocation, function: str) -> None:
        """Run an invocation, unless the function crashes at its beginning or its end."""
        if self._at_the_beginning.is_throttled(function):
            _kill(environment, invocation)
            return
        environment.run(invocation)
        if not invocation.failed and self._at_the_end.is_lost(function):
            _kill(environment, invocation)


def _kill(environment: Environment, invocation: Invocation) -> None:
    environment.close()
    message = f"RequestId: {invocation.request_id} Error: Runtime exited with error: signal: killed"
    invocation.fail(error("Runtime.ExitError", message))
