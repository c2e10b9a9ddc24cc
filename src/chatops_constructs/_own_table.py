"""Tables as this library makes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam

from chatops_constructs.run_command.run_overlap import USE_OF_KEY

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_lambda as lambda_
    from constructs import Construct


def own_table(
    scope: Construct,
    id: str,
    *,
    partition_key: str,
    sort_key: str | None = None,
    delete_at: str | None = None,
    stream: dynamodb.StreamViewType | None = None,
    encryption_key: kms.IKey | None,
) -> dynamodb.Table:
    """A table on demand that belongs to a construct, and goes with it.

    Args:
        scope: The parent.
        id: The id in `scope`.
        partition_key: The name of the key.
        sort_key: The name of the second one, if there is one.
        delete_at: The attribute by which DynamoDB deletes items, if it does.
        stream: What the table's stream tells of a change, if it has one.
        encryption_key: Encrypts it. None: a key that AWS owns.
    """
    text = dynamodb.AttributeType.STRING
    return dynamodb.Table(
        scope,
        id,
        partition_key=dynamodb.Attribute(name=partition_key, type=text),
        sort_key=dynamodb.Attribute(name=sort_key, type=text) if sort_key else None,
        billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
        time_to_live_attribute=delete_at,
        stream=stream,
        point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
            point_in_time_recovery_enabled=True
        ),
        # Without its construct nobody reads it.
        removal_policy=RemovalPolicy.DESTROY,
        encryption=dynamodb.TableEncryption.CUSTOMER_MANAGED if encryption_key else None,
        encryption_key=encryption_key,
    )


def allow_use_of_key(function: lambda_.Function, encryption_key: kms.IKey | None) -> None:
    """Let a function that may use the table use the table's key, through DynamoDB only.

    Args:
        function: The function.
        encryption_key: The table's. None: there is nothing to allow.
    """
    if encryption_key is None:
        return
    function.add_to_role_policy(
        iam.PolicyStatement(
            sid="UseKeyOfTable",
            actions=list(USE_OF_KEY),
            resources=[encryption_key.key_arn],
            conditions={"StringEquals": {"kms:ViaService": f"dynamodb.{Stack.of(function).region}.amazonaws.com"}},
        )
    )
