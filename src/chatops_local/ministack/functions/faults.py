"""What a test can do to functions: they are throttled, or their process is killed, as for taking too much memory.

https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_local.ministack.functions.invocation import error
from chatops_local.ministack.private import Untyped, private
from chatops_local.ministack.systems_manager.lost_answers import LostAnswers
from chatops_local.ministack.systems_manager.throttles import Throttles

if TYPE_CHECKING:
    from chatops_local.ministack.emulator import Emulator
    from chatops_local.ministack.functions.environment import Environment
    from chatops_local.ministack.functions.invocation import Invocation

_throttle_response = private("services.lambda_svc:_throttle_response", "reason_code, msg, retry_after")


class Faults:
    """Every invocation passes through these, by the function's name; without being told, they do nothing."""

    def __init__(self) -> None:
        """Start with none."""
        self._throttles = Throttles()
        self._at_the_beginning = Throttles()
        self._at_the_end = LostAnswers()

    def apply(self, emulator: Emulator) -> None:
        """Let the controller set them."""
        emulator.calls.update(
            throttle_function=self._throttles.throttle,
            crash_function=self._at_the_beginning.throttle,
            lose_function_answer=self._at_the_end.lose,
        )

    def throttled(self, function: str) -> Untyped | None:
        """The result of an invocation that is throttled; `None`: it is not."""
        if not self._throttles.is_throttled(function):
            return None
        return _throttle_response.get()("ConcurrentInvocationLimitExceeded", "Rate Exceeded.")

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
