"""Dead-letter queue redrive, which MiniStack does not have: StartMessageMoveTask and ListMessageMoveTasks.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html
"""

from __future__ import annotations

import base64
import json
import time
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from chatops_local.ministack.messaging.queue_lock import LOCK
from chatops_local.ministack.messaging.queues import put
from chatops_local.ministack.private import Untyped, private

if TYPE_CHECKING:
    from collections.abc import Mapping

_handlers = private("services.sqs:_HANDLERS")
_queues = private("services.sqs:_queues")
_queue_by_arn = private("services.sqs:_queue_by_arn", "arn")
_Err = private("services.sqs:_Err", "code, message, status")


class MessageMoves:
    """The tasks of one emulator; each is done at once."""

    def __init__(self) -> None:
        """Start without tasks."""
        self._tasks: list[dict[str, object]] = []

    def apply(self) -> None:
        """Add the actions to those of MiniStack."""
        _handlers.get().update(StartMessageMoveTask=self._start, ListMessageMoveTasks=self._list)

    def _start(self, request: Mapping[str, Any], _url: str) -> dict[str, object]:
        source = self._dead_letter_queue(str(request.get("SourceArn", "")))
        destination = request.get("DestinationArn")
        with LOCK:
            moved = [
                message
                for message in source["messages"]
                if _move(message, destination or message["sys"].get("DeadLetterQueueSourceArn"))
            ]
            source["messages"] = [message for message in source["messages"] if message not in moved]
        handle = base64.b64encode(json.dumps({"taskId": str(uuid4())}).encode()).decode()
        task = {
            "TaskHandle": handle,
            "Status": "COMPLETED",
            "SourceArn": request["SourceArn"],
            **({"DestinationArn": destination} if destination else {}),
            "ApproximateNumberOfMessagesMoved": len(moved),
            "ApproximateNumberOfMessagesToMove": len(moved),
            "StartedTimestamp": int(time.time() * 1000),
        }
        self._tasks.insert(0, task)
        return {"TaskHandle": handle}

    def _list(self, request: Mapping[str, Any], _url: str) -> dict[str, object]:
        of_queue = [task for task in self._tasks if task["SourceArn"] == request.get("SourceArn")]
        return {"Results": of_queue[: int(request.get("MaxResults", 1))]}

    @staticmethod
    def _dead_letter_queue(arn: str) -> dict[str, Any]:
        queue: dict[str, Any] | None = _queue_by_arn.get()(arn)
        if queue is None:
            raise _Err.get()(
                "ResourceNotFoundException", f"The resource that you specified for SourceArn {arn} doesn't exist."
            )
        if not any(_leads_to(other, arn) for other in _queues.get().values()):
            raise _Err.get()("InvalidParameterValue", "Source queue must be configured as a Dead Letter Queue.")
        return queue


def sources_of(dead_letter_queue_arn: str) -> list[str]:
    """The ARNs of the queues whose dead letters a queue gets."""
    return [
        str(queue["attributes"]["QueueArn"])
        for queue in _queues.get().values()
        if _leads_to(queue, dead_letter_queue_arn)
    ]


def _leads_to(queue: Mapping[str, Any], dead_letter_queue_arn: str) -> bool:
    policy: Untyped = json.loads(queue["attributes"].get("RedrivePolicy") or "{}")
    return bool(policy.get("deadLetterTargetArn") == dead_letter_queue_arn)


def _move(message: Mapping[str, Any], destination_arn: str | None) -> bool:
    """Send it as a new message, with a new id; what came from no queue stays where it is."""
    queue = _queue_by_arn.get()(destination_arn) if destination_arn else None
    if queue is None:
        return False
    put(queue, message["body"], message["message_attributes"])
    return True
