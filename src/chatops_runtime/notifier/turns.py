"""Turns to post to a channel: one at a time, a second apart, and none while Slack wants a pause.

Slack takes about one message a second in a channel (https://docs.slack.dev/apis/web-api/rate-limits). Lambda gives a
queue no fewer than two consumers (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html), and several
notifiers may post to the same channel; so whoever posts takes a turn, from a table that all of them share.
"""

from __future__ import annotations

import math
import time
import uuid
from typing import TYPE_CHECKING

from chatops_runtime import log_line
from chatops_runtime.log_line import LoggableError

if TYPE_CHECKING:
    from collections.abc import Callable

    from chatops_runtime.notifier.turn_table import TurnTable

SPACING_SECONDS = 1.0
"""From the end of one post to the beginning of the next."""

LEASE_SECONDS = 30.0
"""A turn that is not ended by then is over: who had it is no more. Posting takes less, timeouts included."""

LOOK_AGAIN_SECONDS = 0.25
"""While another has the turn; posting takes about that."""


class NotNowError(LoggableError):
    """There is no turn before the deadline."""


class Turn:
    """The right to post to a channel, until it is ended."""

    def __init__(self, table: TurnTable, channel: str, holder: str, now: Callable[[], float]) -> None:
        """As `Turns.take` gives it."""
        self._table = table
        self._channel = channel
        self._holder = holder
        self._now = now

    def end(self, pause: float = SPACING_SECONDS) -> None:
        """Let the next one post after a pause of so many seconds.

        Never raises: the message is said, and must not be said again since this failed. The lease ends the turn then.
        """
        try:
            self._table.end(self._channel, self._holder, not_before_ms=math.ceil((self._now() + pause) * 1000))
        except Exception as error:  # noqa: BLE001
            log_line.write(log_line.WARN, "turn_not_ended", **log_line.describe(error))


class Turns:
    """Hands out turns."""

    def __init__(
        self,
        table: TurnTable,
        now: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """From a table.

        Args:
            table: The table.
            now: Unix time in seconds, as all machines have it.
            sleep: Waits so many seconds.
        """
        self._table = table
        self._now = now
        self._sleep = sleep

    def take(self, channel: str, deadline: float) -> Turn:
        """Wait for the next turn in `channel`.

        Raises:
            NotNowError: There is none before the deadline.
        """
        holder = uuid.uuid4().hex
        while self._now() <= deadline:
            now = self._now()
            taken = self._table.take(
                channel, holder, now_ms=math.floor(now * 1000), until_ms=math.ceil((now + LEASE_SECONDS) * 1000)
            )
            if taken is None:
                return Turn(self._table, channel, holder, self._now)
            pause = taken.not_before_ms / 1000 - now
            if taken.being_posted:
                pause = min(pause, LOOK_AGAIN_SECONDS)
            elif now + pause > deadline:
                raise NotNowError(f"Slack wants no message in {channel} for another {math.ceil(pause)} s")
            self._sleep(max(pause, 0.001))
        raise NotNowError(f"others kept posting to {channel} until there was no time left")
