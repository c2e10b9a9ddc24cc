"""Which customer's key a topic or a queue is encrypted with, and what using it takes.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
"""

from __future__ import annotations

from chatops_local.ministack.permissions.authorization import Access
from chatops_local.ministack.permissions.service_principals import service_denial
from chatops_local.ministack.private import private

_queue_by_arn = private("services.sqs:_queue_by_arn", "arn")
_topics = private("services.sns:_topics")
_resolve_key = private("services.kms:_resolve_key", "key_id_or_arn")

_KEYS_OF_AWS = ("alias/aws/sqs", "alias/aws/sns")


def encryption_key_of(arn: str) -> str | None:
    """The ARN of the customer's key that a queue or a topic is encrypted with; None if it has none."""
    key = _key_name(arn)
    return None if key is None or _is_of_aws(key) else _resolved(key)


def to_write(arn: str, key: str | None) -> list[Access]:
    """What sending to a queue or publishing to a topic with the key takes beside the request itself."""
    return _uses(arn, key, "kms:GenerateDataKey", "kms:Decrypt")


def to_read(queue_arn: str, key: str | None) -> list[Access]:
    """What receiving from a queue with the key takes beside the request itself."""
    return _uses(queue_arn, key, "kms:Decrypt")


def service_write_denial(service: str, arn: str, source_arn: str) -> str | None:
    """Why a service may not write what a queue or a topic encrypts; None if it may.

    Args:
        service: the principal.
        arn: the queue or the topic.
        source_arn: on whose behalf.
    """
    key = _key_name(arn)
    if key is not None and _is_of_aws(key):
        return f"{service} cannot use {key}, whose policy cannot be changed; use a customer managed key"
    for access in to_write(arn, encryption_key_of(arn)):
        denial = service_denial(service, access, source_arn)
        if denial is not None:
            return denial
    return None


def _uses(arn: str, key: str | None, *actions: str) -> list[Access]:
    """With the rights of who calls, through the service.

    https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
    """
    _, _, service, region, *_ = arn.split(":")
    via = {"kms:ViaService": f"{service}.{region}.amazonaws.com"}
    return [] if key is None else [Access(action, key, via) for action in actions]


def _key_name(arn: str) -> str | None:
    """The key as the queue or the topic names it."""
    found = _queue_by_arn.get()(arn) or _topics.get().get(arn)
    return (found["attributes"].get("KmsMasterKeyId") or None) if found else None


def _is_of_aws(key: str) -> bool:
    return key.endswith(_KEYS_OF_AWS)


def _resolved(key: str) -> str:
    found = _resolve_key.get()(key)
    # A key that is gone encrypts nothing: its name stands for it, which no policy allows.
    return str(found["Arn"]) if found else key
