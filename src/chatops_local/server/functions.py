"""Lambda of a running local cloud: functions go wrong as a test wants them to."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chatops_local.server.emulator_process import EmulatorProcess


class Functions:
    """What a test does to functions."""

    def __init__(self, process: EmulatorProcess) -> None:
        """Talk to the emulator's process."""
        self._process = process

    def throttle(self, function_name: str, times: int = 1) -> None:
        """Refuse the next invocations of a function with ``TooManyRequestsException``; 0 times ends it."""
        self._process.call("throttle_function", action=function_name, times=times)

    def crash(self, function_name: str, times: int = 1) -> None:
        """Kill the process of a function at the beginning of its next invocations, before its handler is called.

        Args:
            function_name: which.
            times: how many invocations; 0 ends it.
        """
        self._process.call("crash_function", action=function_name, times=times)

    def lose_answer(self, function_name: str) -> None:
        """Kill the process of a function at the end of its next invocation that succeeds: its work is done by then."""
        self._process.call("lose_function_answer", action=function_name)
