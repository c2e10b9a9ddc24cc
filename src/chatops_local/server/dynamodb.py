"""DynamoDB of a running local cloud: its API goes wrong as a test wants it to, and items expire when it says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from chatops_local.server.emulator_process import EmulatorProcess


class DynamoDb:
    """What a test does to DynamoDB. It concerns every caller, the test itself as well."""

    def __init__(self, process: EmulatorProcess) -> None:
        """Talk to the emulator's process."""
        self._process = process

    def conflict(self, times: int = 1, operation: str = "TransactWriteItems") -> None:
        """Let the next transactions meet another one: ``TransactionCanceledException`` with ``TransactionConflict``.

        Nothing here conflicts by itself, since calls are carried out one after the other.

        Args:
            times: how many. SDKs try such a transaction once only.
            operation: ``TransactWriteItems`` or ``TransactGetItems``.
        """
        self._process.call("dynamodb_conflict", action=operation, times=times)

    def throttle(self, operation: str, times: int = 1) -> None:
        """Refuse the next calls of an operation, such as ``PutItem``, with ``ThrottlingException``; SDKs try again."""
        self._process.call("dynamodb_throttle", action=operation, times=times)

    def lose_answer(self, operation: str) -> None:
        """Carry out the next call of an operation, and answer it with ``InternalServerError``; SDKs try again."""
        self._process.call("dynamodb_lose_answer", action=operation)

    def delete_expired(self, now: datetime | None = None) -> int:
        """Delete what has expired in the tables with time to live, and tell their streams; nothing else does.

        Args:
            now: the time that it is taken to be. Default: this machine's.

        Returns:
            How many items were deleted.
        """
        deleted: int = self._process.call("dynamodb_delete_expired", now=now and now.timestamp())
        return deleted
