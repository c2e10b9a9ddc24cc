"""A job as it comes out of the queue."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from chatops_runtime.contracts import fan_out as contract
from chatops_runtime.fan_out.job import Job, content_key
from chatops_runtime.log_line import LoggableError


class NoJobError(LoggableError):
    """A message is no job: it was published by something else than `FanOut`, or not delivered raw."""


@dataclass(frozen=True)
class Message:
    """A message with its job.

    Attributes:
        id: SQS's id of it.
        receipt_handle: SQS's name for this time that it was received.
        text: The job's body as it came.
        job: The job.
        received: How often SQS has handed it out.
    """

    id: str
    receipt_handle: str
    text: str
    job: Job
    received: int

    @classmethod
    def of(cls, record: dict[str, Any]) -> Message:
        """The message in a record of SQS's event.

        https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html

        Raises:
            NoJobError: It is no job.
        """
        text = record["body"]
        try:
            body = json.loads(text)
        except ValueError:
            raise NoJobError("a message's body is no JSON: publish it with FanOut, or as JSON") from None
        attributes = {
            name: str(value["stringValue"])
            for name, value in (record.get("messageAttributes") or {}).items()
            if value.get("stringValue") is not None
        }
        received = int(record["attributes"]["ApproximateReceiveCount"])
        tries = attributes.get(contract.TRIES_ATTRIBUTE, "0")
        job = Job(
            body=body,
            key=attributes.get(contract.KEY_ATTRIBUTE) or content_key(text),
            attributes={name: value for name, value in attributes.items() if name not in contract.RESERVED_ATTRIBUTES},
            attempt=received + (int(tries) if tries.isdecimal() else 0),
        )
        return cls(record["messageId"], record["receiptHandle"], text, job, received)
