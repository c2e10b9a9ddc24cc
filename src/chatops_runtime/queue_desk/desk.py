"""How a queue stands, and its dead letters' way back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chatops_runtime.command_function import Reply

_WAITING = "ApproximateNumberOfMessages"
_IN_FLIGHT = "ApproximateNumberOfMessagesNotVisible"
_DELAYED = "ApproximateNumberOfMessagesDelayed"
_RUNNING = "RUNNING"


@dataclass(frozen=True)
class Queues:
    """A queue and its dead letters.

    Attributes:
        name: What people call it.
        url: The queue's URL.
        arn: Its ARN.
        dead_letters_url: The dead-letter queue's URL.
        dead_letters_arn: Its ARN.
    """

    name: str
    url: str
    arn: str
    dead_letters_url: str
    dead_letters_arn: str


class Desk:
    """Looks after a queue."""

    def __init__(self, client: Any, queues: Queues) -> None:  # noqa: ANN401 - boto3's clients have no type
        """With boto3's SQS client."""
        self._client = client
        self._queues = queues

    def status(self) -> Reply:
        """How many wait, are being handled and are dead, as far as SQS knows."""
        waiting, in_flight, delayed = self._counts(self._queues.url)
        dead = sum(self._counts(self._queues.dead_letters_url))
        parts = [f"{waiting} waiting", f"{in_flight} in flight"]
        if delayed:
            parts.append(f"{delayed} to be tried again later")
        parts.append(f"{dead} dead")
        text = f"{self._queues.name}: {', '.join(parts)}."
        move = self._running_move()
        return Reply(f"{text}\n{_progress(move)}" if move else text)

    def redrive(self) -> Reply:
        """Have what is dead go back into the queue."""
        move = self._running_move()
        if move:
            return Reply(f"{self._queues.name}: the dead ones are on their way back already. {_progress(move)}")
        dead = sum(self._counts(self._queues.dead_letters_url))
        if not dead:
            return Reply(f"{self._queues.name}: none is dead.")
        # The queue is named, since what SNS could not deliver came out of none.
        self._client.start_message_move_task(SourceArn=self._queues.dead_letters_arn, DestinationArn=self._queues.arn)
        return Reply(f"{self._queues.name}: {dead} dead {'one goes' if dead == 1 else 'ones go'} back into the queue.")

    def _counts(self, url: str) -> tuple[int, int, int]:
        names = [_WAITING, _IN_FLIGHT, _DELAYED]
        attributes = self._client.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
        waiting, in_flight, delayed = (int(attributes.get(name, 0)) for name in names)
        return waiting, in_flight, delayed

    def _running_move(self) -> dict[str, Any] | None:
        tasks = self._client.list_message_move_tasks(SourceArn=self._queues.dead_letters_arn, MaxResults=1)
        return next((task for task in tasks.get("Results", []) if task.get("Status") == _RUNNING), None)


def _progress(move: dict[str, Any]) -> str:
    moved, all_of_them = (int(move.get(f"ApproximateNumberOfMessages{what}") or 0) for what in ("Moved", "ToMove"))
    return f"{moved} of {all_of_them or 'some'} dead ones have gone back so far."
