"""Puts messages into queues as services of AWS do: only if the queue's policy and the policy of its key let them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from chatops_local.ministack.messaging.encryption import service_write_denial
from chatops_local.ministack.messaging.queue_lock import LOCK
from chatops_local.ministack.permissions.authorization import Access
from chatops_local.ministack.permissions.service_principals import service_denial
from chatops_local.ministack.private import private

if TYPE_CHECKING:
    from collections.abc import Mapping

_queues = private("services.sqs:_queues")
_queue_by_arn = private("services.sqs:_queue_by_arn", "arn")
_queue_delay = private("services.sqs:queue_delay", "q")
_ensure_msg_fields = private("services.sqs:_ensure_msg_fields", "m")
_md5_msg_attrs = private("services.sqs:_md5_msg_attrs", "attrs")
_new_uuid = private("services.sqs:new_uuid", "")
_esm_wake = private("core.concurrency:esm_wake")


def deliver_as_service(
    service: str,
    queue_arn: str,
    body: str,
    *,
    source_arn: str,
    attributes: Mapping[str, Mapping[str, str]] | None = None,
) -> str | None:
    """Send a message on behalf of a resource.

    Args:
        service: who sends, such as ``events.amazonaws.com``.
        queue_arn: where to.
        body: the message.
        source_arn: on whose behalf.
        attributes: message attributes, as SendMessage takes them.

    Returns:
        Why it was not sent; None if it was.
    """
    queue = _queue_by_arn.get()(queue_arn)
    if queue is None:
        return f"queue {queue_arn} does not exist"
    denial = service_denial(service, Access("sqs:SendMessage", queue_arn), source_arn)
    denial = denial or service_write_denial(service, queue_arn, source_arn)
    if denial is not None:
        return denial
    limit = int(queue["attributes"]["MaximumMessageSize"])
    if len(body.encode()) > limit:
        return f"the message has {len(body.encode())} bytes, and the queue's MaximumMessageSize is {limit}"
    put(queue, body, attributes or {})
    return None


def messages(queue: str) -> list[dict[str, object]]:
    """What is in a queue, without receiving it.

    Args:
        queue: its ARN; or its URL or name, if it is in the local cloud's own region.

    Raises:
        ValueError: if there is no such queue.
    """
    now = time.time()
    if queue.startswith("arn:"):
        known = {record["attributes"]["QueueArn"]: record for record in _queues.get().all_values()}
        wanted = queue
    else:
        known = {record["name"]: record for record in _queues.get().values()}
        wanted = queue.rstrip("/").rpartition("/")[2]
    if wanted in known:
        return [_shown(message, now) for message in known[wanted]["messages"]]
    raise ValueError(f"queue {queue!r} does not exist")


def _shown(message: Mapping[str, Any], now: float) -> dict[str, object]:
    return {
        "message_id": message["id"],
        "body": message["body"],
        "attributes": {
            name: str(value.get("StringValue", "")) for name, value in message.get("message_attributes", {}).items()
        },
        "receive_count": message.get("receive_count", 0),
        "visible": message["visible_at"] <= now,
    }


def put(queue: Mapping[str, Any], body: str, attributes: Mapping[str, Mapping[str, str]]) -> None:
    """Put a message into a queue, whoever may do that."""
    now = time.time()
    kept = {name: dict(value) for name, value in attributes.items()}
    message = {
        "id": _new_uuid.get()(),
        "body": body,
        "message_attributes": kept,
        "md5_attrs": _md5_msg_attrs.get()(kept),
        "sent_at": now,
        "visible_at": now + _queue_delay.get()(queue),
    }
    _ensure_msg_fields.get()(message)
    with LOCK:
        queue["messages"].append(message)
    _esm_wake.get().set()
