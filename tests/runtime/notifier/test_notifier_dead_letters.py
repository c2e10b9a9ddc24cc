"""What Slack refused, put into the dead-letter queue as it was."""

from collections.abc import Collection
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chatops_runtime.notifier.dead_letters import MOST_BYTES, DeadLetters
from tests.runtime.notifier.notices import raw


class Sqs:
    """https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html"""

    def __init__(self, failing: Collection[str] = ()) -> None:
        self.failing = failing
        self.batches: list[list[dict[str, Any]]] = []

    def send_message_batch(self, *, QueueUrl: str, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
        assert QueueUrl == "https://sqs/dead"
        assert 1 <= len(Entries) <= 10
        assert len({entry["Id"] for entry in Entries}) == len(Entries)
        self.batches.append(Entries)
        return {"Failed": [{"Id": entry["Id"]} for entry in Entries if entry["MessageBody"] in self.failing]}


def test_they_keep_their_bodies_and_say_why():
    sqs = Sqs()
    records = [raw(f"body {number}") for number in range(23)]
    assert DeadLetters(sqs, "https://sqs/dead").put(records, "not_in_channel") == []
    assert [len(batch) for batch in sqs.batches] == [10, 10, 3]
    entries = [entry for batch in sqs.batches for entry in batch]
    assert [entry["MessageBody"] for entry in entries] == [record["body"] for record in records]
    assert entries[0]["MessageAttributes"] == {"reason": {"DataType": "String", "StringValue": "not_in_channel"}}


def test_what_could_not_be_put_is_named():
    records = [raw(f"body {number}") for number in range(12)]
    sqs = Sqs(failing={"body 3", "body 11"})
    left = DeadLetters(sqs, "https://sqs/dead").put(records, "x")
    assert left == [records[3]["messageId"], records[11]["messageId"]]


@given(st.lists(st.integers(0, 300_000), max_size=25))
def test_no_batch_is_larger_than_sqs_takes(sizes):
    sqs = Sqs()
    DeadLetters(sqs, "https://sqs/dead").put([raw("é" * (size // 2)) for size in sizes], "x")
    assert sum(map(len, sqs.batches)) == len(sizes)
    for batch in sqs.batches:
        assert len(batch) == 1 or sum(len(entry["MessageBody"].encode()) for entry in batch) <= MOST_BYTES
