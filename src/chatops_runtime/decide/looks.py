"""Looking again, for some seconds: a state begins to wait a moment after its question was posted, or answered."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from chatops_runtime.log_line import LoggableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PAUSES_SECONDS = (0.2, 0.4, 0.8, 1.6, 3.2)


class NotYetError(LoggableError):
    """The state does not wait yet; it may when the machine tries again."""


class Looks:
    """How often to look, and when."""

    def __init__(self, sleep: Callable[[float], None] = time.sleep) -> None:
        """With what waits so many seconds."""
        self._sleep = sleep

    def __iter__(self) -> Iterator[None]:
        """Look now, and after each pause."""
        yield
        for pause in PAUSES_SECONDS:
            self._sleep(pause)
            yield
