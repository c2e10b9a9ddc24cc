"""Step Functions of a running local cloud: its API goes wrong as a test wants it to."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chatops_local.server.emulator_process import EmulatorProcess


class StepFunctions:
    """What a test does to calls of Step Functions over HTTP: of functions, and of the test itself."""

    def __init__(self, process: EmulatorProcess) -> None:
        """Talk to the emulator's process."""
        self._process = process

    def throttle(self, operation: str, times: int = 1) -> None:
        """Refuse the next calls of an operation, such as ``StartExecution``, with ``ThrottlingException``.

        Args:
            operation: which.
            times: how many; 0 ends it.
        """
        self._process.call("states_throttle", action=operation, times=times)

    def fail(self, operation: str, times: int = 1) -> None:
        """Answer the next calls of an operation with a server error; nothing is carried out. 0 times ends it."""
        self._process.call("states_fail", action=operation, times=times)

    def lose_answer(self, operation: str) -> None:
        """Carry out the next call of an operation, and answer it with a server error."""
        self._process.call("states_lose_answer", action=operation)

    def time_out(self, execution_arn: str) -> None:
        """Let a running execution reach its time limit now."""
        self._process.call("time_out_execution", execution=execution_arn)

    def be_silent(self, operation: str, seconds: float) -> None:
        """Carry out the next call of an operation, and answer it so many seconds of this machine's time later."""
        self._process.call("states_be_silent", action=operation, seconds=seconds)
