"""The queue for what Slack refused: it is kept there, and an alarm tells of it, instead of being tried for hours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    Record = dict[str, Any]

# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html. A batch may hold more
# than 256 KiB by now; that much it could ever hold.
MOST_MESSAGES = 10
MOST_BYTES = 256 * 1024

REASON = "reason"
"""The attribute of a message that says why it is here."""

_FOR_ATTRIBUTES = 200


class DeadLetters:
    """The dead-letter queue."""

    def __init__(self, client: Any, queue_url: str) -> None:  # noqa: ANN401 - boto3's clients have no type
        """With boto3's SQS client."""
        self._client = client
        self._queue_url = queue_url

    def put(self, records: Sequence[Record], reason: str) -> list[str]:
        """Put the messages there as they are; the ids of those that could not be put."""
        left: list[str] = []
        for batch in _batches(records):
            answer = self._client.send_message_batch(
                QueueUrl=self._queue_url,
                Entries=[
                    {
                        "Id": str(number),
                        "MessageBody": record["body"],
                        "MessageAttributes": {REASON: {"DataType": "String", "StringValue": reason}},
                    }
                    for number, record in enumerate(batch)
                ],
            )
            left += [batch[int(failed["Id"])]["messageId"] for failed in answer.get("Failed", [])]
        return left


def _batches(records: Sequence[Record]) -> Iterator[list[Record]]:
    batch: list[Record] = []
    taken = 0
    for record in records:
        size = len(record["body"].encode()) + _FOR_ATTRIBUTES
        if batch and (len(batch) == MOST_MESSAGES or taken + size > MOST_BYTES):
            yield batch
            batch, taken = [], 0
        batch.append(record)
        taken += size
    if batch:
        yield batch
