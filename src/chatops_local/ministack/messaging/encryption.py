"""Which customer's key a topic or a queue is encrypted with, and what using it takes.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_local.ministack.permissions.authorization import Access
from chatops_local.ministack.permissions.service_principals import service_denial
from chatops_local.ministack.private import private

if TYPE_CHECKING:
    from collections.abc import Mapping

_queue_by_arn = private("services.sqs:_queue_by_arn", "arn")
_topics = private("services.sns:_topics")
_resolve_key = private("services.kms:_resolve_key", "key_id_or_arn")

_KEYS_OF_AWS = ("alias/aws/sqs", "alias/aws/sns")


def key_of_queue(queue_arn: str) -> str | None:
    """The ARN of the customer's key of a queue; None if it has none."""
    queue = _queue_by_arn.get()(queue_arn)
    return None if queue is None else _customer_key(queue["attributes"])


def key_of_topic(topic_arn: str) -> str | None:
    """The ARN of the customer's key of a topic; None if it has none."""
    topic = _topics.get().get(topic_arn)
    return None if topic is None else _customer_key(topic["attributes"])


def to_write(key: str | None) -> list[Access]:
    """What sending to a queue or publishing to a topic with the key takes beside the request itself."""
    return [] if key is None else [Access("kms:GenerateDataKey", key), Access("kms:Decrypt", key)]


def to_read(key: str | None) -> list[Access]:
    """What receiving from a queue with the key takes beside the request itself."""
    return [] if key is None else [Access("kms:Decrypt", key)]


def service_write_denial(service: str, attributes_key: str | None, source_arn: str) -> str | None:
    """Why a service may not write what is encrypted with the key; None if it may.

    Args:
        service: the principal.
        attributes_key: what the queue or topic has as its ``KmsMasterKeyId``.
        source_arn: on whose behalf.
    """
    if attributes_key is None:
        return None
    if _is_of_aws(attributes_key):
        return f"{service} cannot use {attributes_key}, whose policy cannot be changed; use a customer managed key"
    for access in to_write(_resolved(attributes_key)):
        denial = service_denial(service, access, source_arn)
        if denial is not None:
            return denial
    return None


def _customer_key(attributes: Mapping[str, str]) -> str | None:
    key = attributes.get("KmsMasterKeyId")
    return None if not key or _is_of_aws(key) else _resolved(key)


def _is_of_aws(key: str) -> bool:
    return key.endswith(_KEYS_OF_AWS)


def _resolved(key: str) -> str:
    found = _resolve_key.get()(key)
    # A key that is gone encrypts nothing: its name stands for it, which no policy allows.
    return str(found["Arn"]) if found else key
