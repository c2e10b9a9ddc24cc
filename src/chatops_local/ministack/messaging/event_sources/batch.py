"""A batch of messages: the event that a function gets, and which messages its answer leaves in the queue."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chatops_local.ministack.private import private

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_build_sys_attrs = private("services.sqs:_build_sys_attrs", "msg, names")
_camel_case = private("services.lambda_svc:_sqs_message_attributes_to_camel_case", "attrs")

MAXIMUM_BYTES = 6 * 1024 * 1024
"""Of an event: https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html#invocation-eventsourcemapping-batching"""

_BYTES_AROUND_A_BODY = 1024
"""About what a record has beside its body."""

PARTIAL = "ReportBatchItemFailures"


@dataclass(frozen=True)
class Outcome:
    """What became of an invocation.

    Args:
        failed: whether the whole batch failed: the function raised, timed out or was throttled.
        body: what the function returned otherwise.
    """

    failed: bool
    body: Any

    @classmethod
    def of(cls, result: Mapping[str, Any]) -> Outcome:
        """The outcome in what MiniStack says about an invocation."""
        body = result.get("body")
        if isinstance(body, bytes):
            body = json.loads(body)
        return cls(bool(result.get("error")), body)


def records(messages: Iterable[Mapping[str, Any]], queue_arn: str) -> list[dict[str, Any]]:
    """The records of an event, as Lambda makes them from messages.

    https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
    """
    return [_record(message, queue_arn) for message in messages]


def _record(message: Mapping[str, Any], queue_arn: str) -> dict[str, Any]:
    digest = message.get("md5_attrs")
    return {
        "messageId": message["id"],
        "receiptHandle": message["receipt_handle"],
        "body": message["body"],
        "attributes": _build_sys_attrs.get()(message, ["All"]),
        "messageAttributes": _camel_case.get()(message["message_attributes"]),
        **({"md5OfMessageAttributes": digest} if digest else {}),
        "md5OfBody": message["md5_body"],
        "eventSource": "aws:sqs",
        "eventSourceARN": queue_arn,
        "awsRegion": queue_arn.split(":")[3],
    }


def fitting(messages: Sequence[Mapping[str, Any]], batch_size: int) -> int:
    """How many of the messages go into one batch."""
    used = 0
    for index, message in enumerate(messages[:batch_size]):
        used += len(message["body"].encode()) + _BYTES_AROUND_A_BODY
        if used > MAXIMUM_BYTES:
            return max(index, 1)
    return min(len(messages), batch_size)


def failed_ids(outcome: Outcome, message_ids: set[str], response_types: Sequence[str]) -> set[str]:
    """The ids of the messages that stay in the queue.

    https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting:
    an empty or missing list is a complete success; a response that is no valid JSON object, or an identifier that is
    empty, missing or not in the batch is a complete failure.
    """
    if outcome.failed:
        return message_ids
    if PARTIAL not in response_types or not outcome.body:
        return set()
    if not isinstance(outcome.body, dict):
        return message_ids
    failures = outcome.body.get("batchItemFailures") or []
    if not isinstance(failures, list):
        return message_ids
    named = {str(failure.get("itemIdentifier")) if isinstance(failure, dict) else "" for failure in failures}
    return message_ids if named - message_ids else named
