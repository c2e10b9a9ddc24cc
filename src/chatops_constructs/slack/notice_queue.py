"""The topic that takes notices, and the queues behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import ArnFormat, Duration, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from constructs import Construct

# From the topic to the function:
# https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#sns-what-permissions-for-sse
USE_OF_KEY = ["kms:Decrypt", "kms:GenerateDataKey"]


def notice_topic(scope: Construct, id: str, *, encryption_key: kms.IKey | None) -> sns.Topic:
    """A topic to which this account's alarms may publish, besides whoever has the permission.

    Args:
        scope: The parent.
        id: The id in `scope`.
        encryption_key: Encrypts messages at rest. None: they are not encrypted there; in the queue they are.
    """
    topic = sns.Topic(scope, id, master_key=encryption_key, enforce_ssl=True)
    stack = Stack.of(scope)
    # A policy of one's own replaces the default one, which lets everything in the account publish. Roles have policies
    # of their own; CloudWatch has not:
    # https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html#sns-allow-cloudwatch-alarms
    alarms = stack.format_arn(
        service="cloudwatch", resource="alarm", resource_name="*", arn_format=ArnFormat.COLON_RESOURCE_NAME
    )
    topic.add_to_resource_policy(
        iam.PolicyStatement(
            sid="AllowAlarms",
            principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
            actions=["sns:Publish"],
            resources=[topic.topic_arn],
            conditions={"ArnLike": {"aws:SourceArn": alarms}},
        )
    )
    if encryption_key is not None:
        # https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services.
        # Which alarms, the topic's policy says.
        encryption_key.add_to_resource_policy(
            iam.PolicyStatement(
                sid="AllowAlarmsToNotify",
                principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
                actions=USE_OF_KEY,
                resources=["*"],
            )
        )
    return topic


def notice_queue(
    scope: Construct,
    id: str,
    *,
    encryption_key: kms.IKey | None,
    retention: Duration,
    visibility: Duration | None = None,
    dead_letters: sqs.DeadLetterQueue | None = None,
) -> sqs.Queue:
    """A queue that is encrypted and takes nothing that was not encrypted on its way.

    Args:
        scope: The parent.
        id: The id in `scope`.
        encryption_key: Encrypts messages. None: a key of SQS's.
        retention: How long a message is kept.
        visibility: How long a message that is being handled is not given to anybody else.
        dead_letters: Where a message goes that came too often.
    """
    return sqs.Queue(
        scope,
        id,
        encryption=sqs.QueueEncryption.SQS_MANAGED if encryption_key is None else sqs.QueueEncryption.KMS,
        encryption_master_key=encryption_key,
        enforce_ssl=True,
        retention_period=retention,
        visibility_timeout=visibility,
        dead_letter_queue=dead_letters,
    )


def subscription(
    scope: Construct,
    id: str,
    *,
    topic: sns.ITopic,
    queue: sqs.Queue,
    dead_letter_queue: sqs.Queue,
    encryption_key: kms.IKey | None,
    raw: bool | None = None,
    filter_policy: Mapping[str, sns.SubscriptionFilter] | None = None,
) -> sns.Subscription:
    """From the topic to the queue.

    Not CDK's `SqsSubscription`: in new projects that names the topic in the key's policy, which is a circle where the
    topic is encrypted with the same key.

    Args:
        scope: The parent.
        id: The id in `scope`.
        topic: Any topic; it is not changed.
        queue: Takes messages from this topic.
        dead_letter_queue: Takes what SNS cannot hand to the queue.
        encryption_key: Encrypts both queues.
        raw: Whether messages come as they were published. Default: with SNS's envelope, in which the subject is.
        filter_policy: Which messages come. Default: all.
    """
    sns_service = iam.ServicePrincipal("sns.amazonaws.com")
    # https://docs.aws.amazon.com/sns/latest/dg/subscribe-sqs-queue-to-sns-topic.html
    policy = queue.add_to_resource_policy(
        iam.PolicyStatement(
            principals=[sns_service],
            actions=["sqs:SendMessage"],
            resources=[queue.queue_arn],
            conditions={"ArnEquals": {"aws:SourceArn": topic.topic_arn}},
        )
    )
    if encryption_key is not None:
        # https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#sns-what-permissions-for-sse
        encryption_key.add_to_resource_policy(
            iam.PolicyStatement(
                sid="AllowTopicsToNotify",
                principals=[sns_service],
                actions=USE_OF_KEY,
                resources=["*"],
                conditions={"ArnLike": {"aws:SourceArn": _topics_beside(topic)}},
            )
        )
    region = topic.env.region
    made = sns.Subscription(
        scope,
        id,
        topic=topic,
        protocol=sns.SubscriptionProtocol.SQS,
        endpoint=queue.queue_arn,
        region=None if region == Stack.of(scope).region else region,
        dead_letter_queue=dead_letter_queue,
        raw_message_delivery=raw,
        filter_policy=filter_policy,
    )
    if policy.policy_dependable is not None:
        made.node.add_dependency(policy.policy_dependable)
    return made


def _topics_beside(topic: sns.ITopic) -> str:
    """The ARNs of all topics of the topic's account and region: the queue's policy names the one."""
    return Stack.of(topic).format_arn(
        service="sns",
        region=topic.env.region,
        account=topic.env.account,
        resource="*",
        arn_format=ArnFormat.NO_RESOURCE_NAME,
    )
