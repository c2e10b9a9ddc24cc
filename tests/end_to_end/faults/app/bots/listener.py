"""A function that is mentioned: it leaves a line for each run, and then behaves as it is asked to."""

import os

from chatops_runtime import SlackEvent

LARGER_THAN_A_STATE_TAKES = 300_000


def answer(event: SlackEvent) -> str:
    """Do what the words say; nothing special without any."""
    print(f"RAN {event.event_id}", flush=True)  # noqa: T201 - the log is where runs are counted
    if event.words == "raise":
        raise LookupError("no such thing")
    if event.words == "crash":
        os._exit(1)
    if event.words == "too much":
        return "x" * LARGER_THAN_A_STATE_TAKES
    return "the result of a function"
