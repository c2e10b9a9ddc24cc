"""Asking Slack twice, while somebody waits for the answer."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar

from chatops_runtime.slack.web_client import SlackRetryable

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

PAUSE_SECONDS = 1
"""Before Slack is asked once more, if it names no pause."""

LONGEST_PAUSE_SECONDS = 5
"""Somebody waits for the answer: after a longer pause they may as well ask again."""


def patiently(call: Callable[[], T]) -> T:
    """Call, and once more after a short pause."""
    try:
        return call()
    except SlackRetryable as busy:
        pause = PAUSE_SECONDS if busy.retry_after is None else busy.retry_after
        if pause > LONGEST_PAUSE_SECONDS:
            raise
    time.sleep(pause)
    return call()
