"""What moving dead letters back needs to be allowed: on both queues.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive-permissions.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_local.ministack.messaging.encryption import to_read, to_write
from chatops_local.ministack.permissions.authorization import Access

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chatops_local.ministack.permissions.place import Place

_OF_SOURCE = ("sqs:StartMessageMoveTask", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")
_LISTING = ("sqs:ListMessageMoveTasks", "sqs:GetQueueAttributes")


def _start(request: Mapping[str, Any], place: Place) -> list[Access]:
    """Taking from the dead-letter queue, and sending to the destination, or to where the letters came from."""
    source, directory = str(request["SourceArn"]), place.directory
    accesses = [Access(action, source) for action in _OF_SOURCE]
    accesses += to_read(source, directory.encryption_key_of(source))
    for queue in [request["DestinationArn"]] if "DestinationArn" in request else directory.sources_of(source):
        accesses += [Access("sqs:SendMessage", queue), *to_write(queue, directory.encryption_key_of(queue))]
    return accesses


def _list(request: Mapping[str, Any], _place: Place) -> list[Access]:
    return [Access(action, str(request["SourceArn"])) for action in _LISTING]


RULES: dict[str, Callable[[Mapping[str, Any], Place], list[Access]]] = {
    "ListMessageMoveTasks": _list,
    "StartMessageMoveTask": _start,
}
