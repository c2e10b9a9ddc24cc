"""A worker that leaves a line for each run, and then behaves as it is asked to."""

import os
import time

from chatops_runtime import SlackCommand

LARGER_THAN_A_STATE_TAKES = 300_000


def handle(command: SlackCommand) -> str:
    """Do what the text says; nothing special without any."""
    print(f"RAN {command.request_id}", flush=True)  # noqa: T201 - the log is where runs are counted
    if command.text == "raise":
        raise LookupError("no such thing")
    if command.text == "crash":
        os._exit(1)
    if command.text == "hang":
        time.sleep(60)
    if command.text == "too much":
        return "x" * LARGER_THAN_A_STATE_TAKES
    return "the result of a function"
