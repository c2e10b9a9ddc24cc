"""Holds a process to a share of a processor, as Lambda holds a function to what its memory size buys.

By stopping and continuing it, which any user may do anywhere; control groups need rights that a container rarely has.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from typing import TYPE_CHECKING

from benchmarks.ack.process import cpu_seconds

if TYPE_CHECKING:
    from collections.abc import Iterator

_PERIOD_SECONDS = 0.02
_LOOK_SECONDS = 0.0005


@contextlib.contextmanager
def held_to(share: float, pid: int) -> Iterator[None]:
    """Within the block, `pid` gets `share` of one processor; all of it if that is 1.

    What a process leaves unused is lost to it after a period, and what it took too much is taken off the next ones, so
    that its share is exact whatever the size of a slice.
    """
    if share >= 1:
        yield
        return
    over = threading.Event()
    thread = threading.Thread(target=_hold, args=(share, pid, over), daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _hold(share: float, pid: int, over: threading.Event) -> None:
    # A process that ends meanwhile has nothing left to be held to.
    with contextlib.suppress(ProcessLookupError, OSError):
        credit, used, at = share * _PERIOD_SECONDS, 0.0, time.monotonic()
        while not over.wait(_LOOK_SECONDS if credit > 0 else -credit / share):
            if credit <= 0:
                os.kill(pid, signal.SIGCONT)
            now, now_used = time.monotonic(), cpu_seconds(pid)
            earned, spent = share * (now - at), now_used - used
            credit, used, at = min(credit + earned, share * _PERIOD_SECONDS) - spent, now_used, now
            if credit <= 0:
                os.kill(pid, signal.SIGSTOP)
        os.kill(pid, signal.SIGCONT)
