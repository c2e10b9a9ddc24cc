"""What people are told about a queue, and what is asked of SQS for it."""

from __future__ import annotations

from typing import Any

import pytest

from chatops_runtime.queue_desk.desk import Desk, Queues

QUEUES = Queues("Calls", "https://queue", "arn:queue", "https://dead", "arn:dead")
RUNNING = {"Status": "RUNNING", "ApproximateNumberOfMessagesMoved": 3, "ApproximateNumberOfMessagesToMove": 7}


class Sqs:
    """Two queues with so many messages: visible, in flight, delayed."""

    def __init__(self, queue: tuple[int, int, int], dead: int, *tasks: dict[str, Any]) -> None:
        self._counts = {QUEUES.url: queue, QUEUES.dead_letters_url: (dead, 0, 0)}
        self._tasks = tasks
        self.moves: list[dict[str, str]] = []

    def get_queue_attributes(self, **request: Any) -> dict[str, Any]:
        """The counts."""
        counts = self._counts[request["QueueUrl"]]
        return {"Attributes": {name: str(one) for name, one in zip(request["AttributeNames"], counts, strict=True)}}

    def list_message_move_tasks(self, **request: Any) -> dict[str, Any]:
        """The newest task."""
        assert request == {"SourceArn": QUEUES.dead_letters_arn, "MaxResults": 1}
        return {"Results": list(self._tasks)}

    def start_message_move_task(self, **request: str) -> dict[str, str]:
        """Note it."""
        self.moves.append(request)
        return {}


@pytest.mark.parametrize(
    ("sqs", "said"),
    [
        (Sqs((0, 0, 0), 0), "Calls: 0 waiting, 0 in flight, 0 dead."),
        (Sqs((812, 50, 3), 2), "Calls: 812 waiting, 50 in flight, 3 to be tried again later, 2 dead."),
        (
            Sqs((0, 0, 0), 4, RUNNING),
            "Calls: 0 waiting, 0 in flight, 4 dead.\n3 of 7 dead ones have gone back so far.",
        ),
        (Sqs((0, 0, 0), 0, {"Status": "COMPLETED"}), "Calls: 0 waiting, 0 in flight, 0 dead."),
    ],
)
def test_how_it_stands(sqs: Sqs, said: str) -> None:
    assert Desk(sqs, QUEUES).status().text == said
    assert sqs.moves == []


@pytest.mark.parametrize(("dead", "said"), [(1, "1 dead one goes back"), (17, "17 dead ones go back")])
def test_the_dead_go_back_into_their_queue(dead: int, said: str) -> None:
    sqs = Sqs((0, 0, 0), dead, {"Status": "FAILED"})
    assert Desk(sqs, QUEUES).redrive().text == f"Calls: {said} into the queue."
    assert sqs.moves == [{"SourceArn": "arn:dead", "DestinationArn": "arn:queue"}]


@pytest.mark.parametrize(
    ("sqs", "said"),
    [
        (Sqs((5, 0, 0), 0), "Calls: none is dead."),
        (Sqs((0, 0, 0), 4, RUNNING), "Calls: the dead ones are on their way back already. 3 of 7 dead ones have"),
        (Sqs((0, 0, 0), 4, {"Status": "RUNNING"}), "0 of some dead ones have gone back so far."),
    ],
)
def test_nothing_goes_back_twice_or_for_nothing(sqs: Sqs, said: str) -> None:
    assert said in str(Desk(sqs, QUEUES).redrive().text)
    assert sqs.moves == []
