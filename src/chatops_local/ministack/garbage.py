"""Keeps the pauses of Python's garbage collector short, however much history the emulator has."""

from __future__ import annotations

import gc
import itertools

FULL_COLLECTIONS = 10

_OLDEST_GENERATION = 2


def keep_pauses_short() -> None:
    """From now on let full collections look through what is young, and not through all that there is.

    The emulator keeps its modules, and each execution, log line and decision, to its end. A full collection would look
    through all of it while every service waits: a quarter of a second every five seconds after 90 seconds of load, and
    longer and longer. So what is there now is set aside, and what has come since with every tenth full collection. Not
    more often: what is under way in that moment is set aside as well, and its cycles are never freed.
    """
    collections = itertools.count(1)

    def after_collection(phase: str, about: dict[str, int]) -> None:
        is_full = phase == "stop" and about["generation"] == _OLDEST_GENERATION
        if is_full and next(collections) % FULL_COLLECTIONS == 0:
            gc.freeze()

    gc.freeze()
    gc.callbacks.append(after_collection)
