"""Lets MiniStack's loop over event source mappings, which looks once a second by itself, come back in time."""

from __future__ import annotations

import threading
import time

from chatops_local.ministack.private import private

_esm_wake = private("core.concurrency:esm_wake")

FAR_AWAY = 365 * 24 * 3600.0
"""Seconds: never."""


def wake() -> None:
    """Look at every mapping at once."""
    _esm_wake.get().set()


def wake_at(due: float) -> None:
    """Look at every mapping at that time, in seconds of Unix time, unless the loop does so before."""
    seconds = due - time.time()
    if seconds < 1.0:
        timer = threading.Timer(max(seconds, 0.0), wake)
        timer.daemon = True
        timer.start()
