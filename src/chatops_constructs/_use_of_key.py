"""What a role needs of the key of a queue or a topic, and may do with it in no other way."""

from __future__ import annotations

from aws_cdk import aws_iam as iam

TO_SEND = ("kms:Decrypt", "kms:GenerateDataKey")
"""https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html and
https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html"""


def use_of_key(key_arn: str, *, service: str, region: str, sid: str | None = None) -> iam.PolicyStatement:
    """The right to send to a queue or a topic that a key encrypts, through its service only.

    Args:
        key_arn: The key.
        service: `sqs`, which lets a role receive as well, or `sns`.
        region: Where the queue or the topic is.
        sid: Says in the policy what it is for; it may be there once. Default: nothing does.
    """
    return iam.PolicyStatement(
        sid=sid,
        actions=list(TO_SEND),
        resources=[key_arn],
        # https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
        conditions={"StringEquals": {"kms:ViaService": f"{service}.{region}.amazonaws.com"}},
    )
