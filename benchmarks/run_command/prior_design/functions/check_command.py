"""Looks at how the command is doing."""

import boto3

ssm = boto3.client("ssm")

UNFINISHED = ("Pending", "InProgress", "Delayed", "Cancelling")


class NotYetCompleteError(Exception):
    """It is not over: the state machine is to try again."""


def handler(event: dict[str, str], _context: object) -> dict[str, str]:
    """Say how the first invocation went, once it is over."""
    invocations = ssm.list_command_invocations(CommandId=event["command_id"])["CommandInvocations"]
    # To its favour: the design that was described crashes at a list that is empty, as it may be just after the send.
    status = invocations[0]["Status"] if invocations else "Pending"
    if status in UNFINISHED:
        raise NotYetCompleteError(f"the command {event['command_id']} is not yet complete: {status}")
    return {"status": status}
