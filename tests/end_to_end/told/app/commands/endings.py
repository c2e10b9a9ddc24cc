"""A handler that comes to every kind of end."""

import os

from chatops_runtime import Reply, SlackCommand


def come_to(command: SlackCommand) -> Reply:
    """What was typed says which."""
    if command.text == "failure":
        raise LookupError("no such thing")
    if command.text == "crash":
        os._exit(1)
    # https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html: 256 KiB, beyond which nothing is caught.
    return Reply("x" * 300_000 if command.text == "excess" else "a good end")
