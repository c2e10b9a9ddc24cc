"""What to do about what Slack refused, and then about the notices."""

from __future__ import annotations

from chatops_runtime.slack import advice as slack_advice

REDRIVE = (
    "Then send what is in the dead-letter queue again: aws sqs start-message-move-task --source-arn <its ARN> "
    "--destination-arn <the ARN of the notifier's queue>"
)


def advice(code: str) -> str:
    """What to do about Slack's error `code`."""
    return f"{slack_advice.on(code)}. {REDRIVE}"
