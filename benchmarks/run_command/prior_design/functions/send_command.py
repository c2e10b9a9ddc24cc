"""Sends the command to the instances with a tag."""

import os

import boto3

ssm = boto3.client("ssm")


def handler(event: dict[str, str], _context: object) -> dict[str, str]:
    """Send, and hand on which command it is."""
    sent = ssm.send_command(
        DocumentName="AWS-RunShellScript",
        Targets=[{"Key": f"tag:{os.environ['TAG_NAME']}", "Values": [os.environ["TAG_VALUE"]]}],
        # The document's own limit would end the command after an hour; the description says that it goes on.
        Parameters={"commands": [event["command"]], "executionTimeout": ["172800"]},
        MaxConcurrency="1",
        MaxErrors="1",
        TimeoutSeconds=3600,
    )
    return {"command_id": sent["Command"]["CommandId"]}
