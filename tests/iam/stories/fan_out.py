"""What becomes of jobs that are published."""

from __future__ import annotations

import itertools
import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tests.iam.apps import Story
from tests.iam.stories.notifier import closed
from tests.iam.stories.slack import said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.iam.laboratory import Laboratory

_NUMBERS = itertools.count(1)
_SEND = "sqs:SendMessage"
# A lease that ends later than any clock of a function says.
_NEVER = "9999999999"


def stories_of(id: str, *, producer: str) -> tuple[Story, ...]:
    """Everything that can become of a job, by the fan-out's id.

    Args:
        id: the fan-out's.
        producer: the id of the function that publishes.
    """

    def publish(laboratory: Laboratory) -> str:
        """Publish a job, whose call fails: the API is nowhere near."""
        run = f"run {next(_NUMBERS)}"
        laboratory.cloud.server.client("lambda").invoke(
            FunctionName=laboratory.id(producer), Payload=json.dumps({"users": 1, "time": run}).encode()
        )
        return run

    def fails(laboratory: Laboratory) -> None:
        with _tidy(laboratory, id):
            before = _outcomes(laboratory, "Failed")
            publish(laboratory)
            laboratory.until(lambda: _outcomes(laboratory, "Failed") > before)

    def is_busy(laboratory: Laboratory) -> None:
        """Somebody else is at the job, so that it is put into the queue anew."""
        key, table = f"busy {next(_NUMBERS)}", laboratory.id(f"{id}Table")
        item = {
            "id": {"S": f"job:{key}"},
            "state": {"S": "claimed"},
            "owner": {"S": "somebody else"},
            "lease_until": {"N": _NEVER},
            "expires_at": {"N": _NEVER},
        }
        with _tidy(laboratory, id):
            laboratory.cloud.server.client("dynamodb").put_item(TableName=table, Item=item)
            before = _outcomes(laboratory, "GivenBack")
            laboratory.cloud.server.client("sqs").send_message(
                QueueUrl=laboratory.id(f"{id}Queue"),
                MessageBody="{}",
                MessageAttributes={"key": {"DataType": "String", "StringValue": key}},
            )
            laboratory.until(lambda: _outcomes(laboratory, "GivenBack") > before)

    def is_not_taken(laboratory: Laboratory) -> None:
        with _tidy(laboratory, id), closed(laboratory, laboratory.id(f"{id}Queue")):
            publish(laboratory)
            laboratory.until(lambda: laboratory.cloud.server.messages(laboratory.id(f"{id}DeadLetters")))

    return (
        Story(f"a job of {id} fails", fails),
        Story(f"a job of {id} is at somebody else's", is_busy),
        Story(f"the queue of {id} takes nothing", is_not_taken, denies=(_SEND,)),
    )


def redriven(id: str, *, status: str, redrive: str, channel: str) -> Story:
    """Dead jobs are counted, and go back.

    Args:
        id: the fan-out's.
        status: the command that counts.
        redrive: the command that has them go back.
        channel: where that may be typed.
    """

    def tell(laboratory: Laboratory) -> None:
        with _tidy(laboratory, id):
            laboratory.cloud.server.client("sqs").send_message(
                QueueUrl=laboratory.id(f"{id}DeadLetters"), MessageBody="no job {"
            )
            assert "1 dead" in said(laboratory, status)
            assert "goes back" in said(laboratory, redrive, channel=channel)

    return Story(f"dead jobs of {id} go back", tell)


def _outcomes(laboratory: Laboratory, what: str) -> int:
    """How many jobs consumers said that of."""
    lines = (one.message for one in laboratory.cloud.server.function_logs())
    told: list[dict[str, Any]] = [json.loads(one) for one in lines if '"event": "jobs"' in one]
    return sum(one[what] for one in told)


@contextmanager
def _tidy(laboratory: Laboratory, id: str) -> Iterator[None]:
    """Inside, jobs come and fail; none of them is left."""
    try:
        yield
    finally:
        sqs = laboratory.cloud.server.client("sqs")
        for queue in ("Queue", "DeadLetters"):
            sqs.purge_queue(QueueUrl=laboratory.id(f"{id}{queue}"))
