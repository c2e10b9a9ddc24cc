"""The bot token: read from Parameter Store when a message needs it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from chatops_runtime.log_line import LoggableError

if TYPE_CHECKING:
    from collections.abc import Callable

CACHE_SECONDS = 300


class BotTokenUnusableError(LoggableError):
    """What the parameter holds is no token."""


class BotToken:
    """The token in a SecureString parameter, kept in memory for a while."""

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
        self._value: str | None = None
        self._read_at = 0.0

    def value(self) -> str:
        """The token.

        Raises:
            BotTokenUnusableError: The parameter holds no token.
        """
        if self._value is None or self._clock() - self._read_at >= CACHE_SECONDS:
            self._value = self._usable(self._read(self._parameter))
            self._read_at = self._clock()
        return self._value

    def is_renewed(self) -> bool:
        """Read the parameter again, since Slack refused the token; whether it holds another one by now.

        Raises:
            BotTokenUnusableError: The parameter holds no token.
        """
        refused, self._value = self._value, None
        return self.value() != refused

    def _usable(self, value: str) -> str:
        """`value` without blanks around it. Slack's tokens begin with `xox` and hold nothing but the plainest ASCII."""
        value = value.strip()
        if not (value.startswith("xox") and value.isascii() and value.replace("-", "").isalnum()):
            raise BotTokenUnusableError(
                f"parameter {self._parameter} holds no bot token: put the app's Bot User OAuth Token there (xoxb-…)"
            )
        return value


def _get_parameter(name: str) -> str:
    import boto3  # noqa: PLC0415 - most reports need no token, and no boto3

    return str(boto3.client("ssm").get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"])
