"""A message of the queue: what was published, as SNS wrapped it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any


@dataclass(frozen=True)
class Envelope:
    """What was published, and when.

    Attributes:
        subject: The subject, or empty.
        body: The message's text.
        sent_at: When it was published, in seconds of Unix time; 0 if nobody knows.
    """

    subject: str
    body: str
    sent_at: float

    @classmethod
    def of(cls, record: dict[str, Any]) -> Envelope:
        """The envelope in a `record` of a Lambda event from SQS.

        https://docs.aws.amazon.com/sns/latest/dg/sns-sqs-as-subscriber.html shows what SNS puts into a queue. What is
        in the queue without that, since it was delivered raw or sent by hand, is a body without a subject.
        """
        wrapped = parsed_object(record["body"])
        if wrapped.get("Type") != "Notification" or not isinstance(wrapped.get("Message"), str):
            return cls(subject="", body=record["body"], sent_at=_queued_at(record))
        subject, published = wrapped.get("Subject"), wrapped.get("Timestamp")
        return cls(
            subject=subject if isinstance(subject, str) else "",
            body=wrapped["Message"],
            sent_at=unix_time(published) or _queued_at(record),
        )


def parsed_object(text: str) -> dict[str, Any]:
    """The JSON object that `text` is, or an empty one."""
    try:
        parsed = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return parsed if isinstance(parsed, dict) else {}


def unix_time(text: object) -> float | None:
    """The moment in `text`, such as `2026-11-22T01:03:50.123Z`, in seconds of Unix time."""
    if not isinstance(text, str):
        return None
    # Python 3.10 reads neither the Z of SNS nor the +0000 of CloudWatch.
    for zone in ("Z", "+0000"):
        if text.endswith(zone):
            text = f"{text.removesuffix(zone)}+00:00"
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)).timestamp()
    except (ValueError, OverflowError):
        return None


def _queued_at(record: dict[str, Any]) -> float:
    sent = record.get("attributes", {}).get("SentTimestamp", "")
    return int(sent) / 1000 if sent.isascii() and sent.isdigit() else 0.0
