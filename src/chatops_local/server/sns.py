"""SNS of a running local cloud: its API goes wrong as a test wants it to."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chatops_local.server.emulator_process import EmulatorProcess


class Sns:
    """What a test does to SNS. It concerns every caller, the test itself as well."""

    def __init__(self, process: EmulatorProcess) -> None:
        """Talk to the emulator's process."""
        self._process = process

    def fail_entries(
        self,
        times: int = 1,
        *,
        after: int = 0,
        code: str = "InternalError",
        message: str = "an entry that a test lets fail",
        sender_fault: bool = False,
    ) -> None:
        """Let entries of ``PublishBatch`` fail, each by itself; the others of their batch are published.

        Args:
            times: how many of them, across batches.
            after: how many go well first.
            code: the entry's ``Code``.
            message: its ``Message``.
            sender_fault: its ``SenderFault``: whether it fails again however often it is tried.
        """
        self._process.call(
            "sns_fail_entries", times=times, code=code, message=message, sender_fault=sender_fault, after=after
        )

    def throttle(self, operation: str = "PublishBatch", times: int = 1) -> None:
        """Refuse the next calls of ``Publish`` or ``PublishBatch`` with ``Throttled``; SDKs try again."""
        self._process.call("sns_throttle", action=operation, times=times)

    def lose_answer(self, operation: str = "PublishBatch") -> None:
        """Carry out the next call of an operation, and answer it with ``InternalError``; SDKs try again."""
        self._process.call("sns_lose_answer", action=operation)
