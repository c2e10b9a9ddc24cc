"""What the consumer does to its queue: messages come later, or come anew."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from chatops_runtime import log_line
from chatops_runtime.contracts import fan_out as contract

if TYPE_CHECKING:
    from chatops_runtime.fan_out.message import Message

# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
_LONGEST_DELAY_SECONDS = 900


class Queue:
    """The queue of a fan-out."""

    def __init__(self, client: Any, url: str, *, retry_seconds: float, longest_retry_seconds: float) -> None:  # noqa: ANN401 - boto3's clients have no type
        """With boto3's SQS client.

        Args:
            client: The client.
            url: The queue's.
            retry_seconds: After how long a job is tried again that failed for the first time.
            longest_retry_seconds: The most of that, after failing again and again.
        """
        self._client = client
        self._url = url
        self._retry_seconds = retry_seconds
        self._longest_retry_seconds = longest_retry_seconds

    def give_back(self, message: Message, seconds: float) -> bool:
        """Put a job that was not tried into the queue anew; tells whether that went well.

        Anew, since SQS counts each time that a message is received, tried or not, and takes one that it counted too
        often for poison. The old message is to be deleted then, that is, reported as done. Never raises: the old
        message comes again otherwise.

        Args:
            message: With the job.
            seconds: After which it comes.
        """
        attributes = {
            **message.job.attributes,
            contract.KEY_ATTRIBUTE: message.job.key,
            contract.TRIES_ATTRIBUTE: str(message.job.attempt - 1),
        }
        try:
            self._client.send_message(
                QueueUrl=self._url,
                MessageBody=message.text,
                MessageAttributes={
                    name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()
                },
                DelaySeconds=min(max(0, math.ceil(seconds)), _LONGEST_DELAY_SECONDS),
            )
        except Exception as error:  # noqa: BLE001
            log_line.write(log_line.WARN, "job_not_given_back", key=message.job.key, **log_line.describe(error))
            return False
        return True

    def retry_later(self, message: Message) -> None:
        """Have a job that failed come again, the later the more often it did.

        Never raises: it comes again when its visibility time-out has passed otherwise.
        """
        seconds = min(self._retry_seconds * 2 ** (message.received - 1), self._longest_retry_seconds)
        try:
            self._client.change_message_visibility(
                QueueUrl=self._url, ReceiptHandle=message.receipt_handle, VisibilityTimeout=math.ceil(seconds)
            )
        except Exception as error:  # noqa: BLE001
            log_line.write(log_line.WARN, "job_comes_later", key=message.job.key, **log_line.describe(error))
