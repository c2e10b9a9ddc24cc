"""When messages were deleted: a metric counts them, and what is deleted leaves no other trace."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from chatops_local.ministack.private import Untyped, private

if TYPE_CHECKING:
    from collections.abc import Mapping

_act_delete_message = private("services.sqs:_act_delete_message", "data, qurl")
_act_delete_message_batch = private("services.sqs:_act_delete_message_batch", "data, qurl")
_get_q = private("services.sqs:_get_q", "url, action")

_DELETIONS = "chatops_local:deletions"


def apply() -> None:
    """Note what is deleted by calls; what is deleted in their place notes it itself."""
    for call in (_act_delete_message, _act_delete_message_batch):
        call.wrap(_noting)


def note(queue: dict[str, Any], count: int) -> None:
    """Remember that messages were deleted just now; hold the lock of messages."""
    queue.setdefault(_DELETIONS, []).extend([time.time()] * count)


def deletions_from(queue: Mapping[str, Any]) -> list[float]:
    """When messages of a queue were deleted, the earliest first, in this machine's time."""
    return list(queue.get(_DELETIONS, []))


def _noting(original: Untyped) -> Untyped:
    def delete(data: Mapping[str, Any], qurl: str) -> Untyped:
        queue = _get_q.get()(data.get("QueueUrl", qurl))
        before = len(queue["messages"])
        answer = original(data, qurl)
        note(queue, before - len(queue["messages"]))
        return answer

    return delete
