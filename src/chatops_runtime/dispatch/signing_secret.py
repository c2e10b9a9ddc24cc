"""The signing secret: read once, and again when it may have been rotated."""

from __future__ import annotations

import time

from chatops_runtime import log_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

REFETCH_SECONDS = 60
"""At most this often for a signature that does not verify, or a stranger could make us hammer Parameter Store."""

LONGEST_AGE_SECONDS = 900
"""However well it verifies: a secret that leaked and was rotated away must not be accepted for long."""

PREVIOUS_SECONDS = 300
"""How long a replaced secret is accepted: what Slack signed just before it was replaced may still be on its way."""


class SigningSecret:
    """The secret in Parameter Store, kept in memory."""

    def __init__(self, fetch: Callable[[float], str], clock: Callable[[], float] = time.monotonic) -> None:
        """Without reading it yet.

        Args:
            fetch: Reads the secret within so many seconds, or raises.
            clock: Seconds from any beginning.
        """
        self._fetch = fetch
        self._clock = clock
        self._current: str | None = None
        self._previous: str | None = None
        self._fetched_at = 0.0
        self._tried_at = 0.0
        self._replaced_at = 0.0

    def accepted(self, timeout: float) -> tuple[str, ...]:
        """The secrets that may have signed a request, reading the current one if there is none or it is old.

        Raises:
            Exception: Whatever `fetch` raises when there is no secret to go on with.
        """
        if self._current is None:
            self._read(timeout)
        elif self._clock() - self._fetched_at >= LONGEST_AGE_SECONDS:
            self.refetched(timeout)
        current = () if self._current is None else (self._current,)
        if self._previous is None or self._clock() - self._replaced_at >= PREVIOUS_SECONDS:
            return current
        return (*current, self._previous)

    def refetched(self, timeout: float) -> bool:
        """Read the secret again unless that was done lately; whether it is another one now.

        When it cannot be read, the one in memory goes on: Parameter Store being away must not stop the commands.
        """
        if self._clock() - self._tried_at < REFETCH_SECONDS:
            return False
        before = self._current
        try:
            self._read(timeout)
        except Exception as error:  # noqa: BLE001 - whatever it was, it is tried again in a minute
            log_line.write(log_line.WARN, "signing_secret_not_refetched", **log_line.describe(error))
        return self._current != before

    def _read(self, timeout: float) -> None:
        self._tried_at = self._clock()
        secret = self._fetch(timeout)
        self._fetched_at = self._tried_at
        if self._current is not None and secret != self._current:
            self._previous, self._replaced_at = self._current, self._fetched_at
        self._current = secret
