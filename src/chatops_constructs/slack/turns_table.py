"""The table from which those who post to a channel take turns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb

from chatops_constructs._one_per_stack import one_per_stack
from chatops_runtime.contracts import channel_turns

if TYPE_CHECKING:
    from constructs import Construct


def turns_table_of(scope: Construct) -> dynamodb.Table:
    """The stack's table of turns, created at the first call.

    One for all notifiers, so that two for the same channel do not get into each other's way. It holds channels' ids
    and times, and nothing of a notice, so that no key of the user's is needed: DynamoDB's own encrypts it.
    """
    return one_per_stack(
        scope,
        "SlackChannelTurns",
        lambda stack, id: dynamodb.Table(
            stack,
            id,
            partition_key=dynamodb.Attribute(name=channel_turns.KEY, type=dynamodb.AttributeType.STRING),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            time_to_live_attribute=channel_turns.EXPIRES_AT,
            # For a few items it costs nothing, and an account's rules may ask for it of every table.
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            removal_policy=RemovalPolicy.DESTROY,
        ),
    )
