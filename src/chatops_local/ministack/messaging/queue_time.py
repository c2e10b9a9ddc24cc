"""Times of queues in scaled time: visibility time-outs, delays and retention are waiting, and waiting scales."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from chatops_local.ministack.private import Untyped, private

if TYPE_CHECKING:
    from collections.abc import Mapping

_collect_msgs = private("services.sqs:_collect_msgs", "q, max_n, vis_timeout")
_act_change_visibility = private("services.sqs:_act_change_visibility", "data, qurl")
_act_send_message = private("services.sqs:_act_send_message", "data, qurl")
_queue_delay = private("services.sqs:queue_delay", "q")
_expire_retained = private("services.sqs:_expire_retained", "q")
_get_q = private("services.sqs:_get_q", "url, action")


def apply(scale: float) -> None:
    """Scale the times of all queues.

    Args:
        scale: what an AWS second is multiplied with.
    """
    _collect_msgs.wrap(lambda original: lambda q, max_n, vis_timeout: original(q, max_n, vis_timeout * scale))
    _queue_delay.wrap(lambda original: lambda q: original(q) * scale)
    _expire_retained.wrap(lambda _original: lambda q: _expire(q, scale))
    _act_change_visibility.wrap(lambda original: _scaled_from_now(original, scale))
    _act_send_message.wrap(lambda original: _with_scaled_delay(original, scale))


def _expire(queue: dict[str, Any], scale: float) -> None:
    """Drop what is older than MessageRetentionPeriod, which begins when a message is sent.

    Messages in a standard dead-letter queue keep that time:
    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
    """
    oldest = time.time() - int(queue["attributes"]["MessageRetentionPeriod"]) * scale
    kept = [message for message in queue["messages"] if message.get("enqueued_at", message["sent_at"]) > oldest]
    if len(kept) < len(queue["messages"]):
        queue["messages"] = kept


def _scaled_from_now(original: Untyped, scale: float) -> Untyped:
    def change_visibility(data: Mapping[str, Any], qurl: str) -> Untyped:
        answer = original(data, qurl)
        for message in _get_q.get()(data.get("QueueUrl", qurl))["messages"]:
            if message["receipt_handle"] == data["ReceiptHandle"]:
                message["visible_at"] = time.time() + int(data.get("VisibilityTimeout", 30)) * scale
        return answer

    return change_visibility


def _with_scaled_delay(original: Untyped, scale: float) -> Untyped:
    def send_message(data: Mapping[str, Any], qurl: str) -> Untyped:
        answer = original(data, qurl)
        # MiniStack's delay is in whole seconds.
        for message in reversed(_get_q.get()(data.get("QueueUrl", qurl))["messages"]):
            # Once: a duplicate in a FIFO queue is answered with the message that is there already.
            if message["id"] == answer["MessageId"] and not message.get("is_delay_scaled"):
                message["visible_at"] = message["sent_at"] + (message["visible_at"] - message["sent_at"]) * scale
                message["is_delay_scaled"] = True
                break
        return answer

    return send_message
