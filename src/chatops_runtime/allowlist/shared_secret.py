"""The secret that machines register with: in Parameter Store, kept in memory for a while."""

from __future__ import annotations

import hashlib
import hmac
import time
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

from chatops_runtime import log_line
from chatops_runtime.contracts.allowlist import SHORTEST_SHARED_SECRET
from chatops_runtime.log_line import LoggableError

if TYPE_CHECKING:
    from collections.abc import Callable

REFETCH_SECONDS = 60
"""At most this often for a secret that is not the one, or a stranger could make us hammer Parameter Store."""

LONGEST_AGE_SECONDS = 900
"""A secret that leaked and was rotated away must not be accepted for long."""

CLIENT = Config(connect_timeout=2, read_timeout=3, retries={"total_max_attempts": 2, "mode": "standard"})


class SecretUnreadableError(LoggableError):
    """Parameter Store did not give the secret, and there is none in memory."""


class SharedSecret:
    """The secret of a SecureString parameter."""

    def __init__(
        self,
        parameter: str,
        read: Callable[[str], str] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Without reading it yet.

        Args:
            parameter: The parameter's name.
            read: Gives the value of the parameter of a name. Default: `ssm:GetParameter`.
            clock: Seconds from any beginning.
        """
        self._parameter = parameter
        self._read = read or _get_parameter
        self._clock = clock
        self._digest: bytes | None = None
        self._unreadable = False
        self._read_at = 0.0
        self._tried_at: float | None = None

    def is_it(self, given: str) -> bool:
        """Whether `given` is the secret. How long that takes says nothing about either.

        Raises:
            SecretUnreadableError: Nobody knows.
        """
        if self._digest is None or self._clock() - self._read_at >= LONGEST_AGE_SECONDS:
            self._read_again()
        if self._matches(given):
            return True
        # It may have been rotated.
        self._read_again()
        if self._digest is None and self._unreadable:
            raise SecretUnreadableError(f"parameter {self._parameter} could not be read")
        return self._matches(given)

    def _matches(self, given: str) -> bool:
        return self._digest is not None and hmac.compare_digest(_digest(given), self._digest)

    def _read_again(self) -> None:
        """Unless that was tried lately. If it cannot be read, the one in memory goes on."""
        if self._tried_at is not None and self._clock() - self._tried_at < REFETCH_SECONDS:
            return
        self._tried_at = self._clock()
        try:
            value = self._read(self._parameter).strip()
        except Exception as error:  # noqa: BLE001 - whatever it was, it is tried again in a minute
            self._unreadable = True
            log_line.write(log_line.ERROR, "shared_secret_unreadable", **log_line.describe(error))
            return
        self._unreadable = False
        self._read_at = self._tried_at
        if len(value) < SHORTEST_SHARED_SECRET:
            self._digest = None
            log_line.write(
                log_line.ERROR,
                "shared_secret_too_short",
                detail=f"parameter {self._parameter} has fewer than {SHORTEST_SHARED_SECRET} characters, so nobody is"
                " let register with it: put a random secret there",
            )
        else:
            self._digest = _digest(value)


def _digest(text: str) -> bytes:
    """Of the same length for all, so that not even the secret's length shows."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def _get_parameter(name: str) -> str:
    client = boto3.client("ssm", config=CLIENT)
    return str(client.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"])
