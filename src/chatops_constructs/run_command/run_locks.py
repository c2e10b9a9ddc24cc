"""The table of locks of a stack's scheduled runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb

from chatops_constructs._acknowledge import acknowledge
from chatops_constructs._one_per_stack import one_per_stack

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from constructs import Construct

TASK = "task"
RUN = "run"
EXPIRES = "expires"


class RunLocks(dynamodb.Table):
    """One item for each task that is under way: whose run it is, and until when it may take.

    On demand, so that it costs nothing between the runs. One per stack, created when a task asks for `Overlap.LOCK`.
    """

    def __init__(self, scope: Construct, id: str, *, encryption_key: kms.IKey | None = None) -> None:
        """Create the table; use `of` instead.

        Args:
            scope: The stack.
            id: The id in `scope`.
            encryption_key: Encrypts the table. Default: a key that AWS owns.
        """
        super().__init__(
            scope,
            id,
            partition_key=dynamodb.Attribute(name=TASK, type=dynamodb.AttributeType.STRING),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            time_to_live_attribute=EXPIRES,
            removal_policy=RemovalPolicy.DESTROY,
            encryption=dynamodb.TableEncryption.CUSTOMER_MANAGED if encryption_key else None,
            encryption_key=encryption_key,
        )
        acknowledge(self, "AwsSolutions-DDB3", "a lock of a moment ago is of no use: there is nothing to recover")

    @classmethod
    def of(cls, scope: Construct, *, encryption_key: kms.IKey | None = None) -> RunLocks:
        """The stack's table, created at the first call.

        Args:
            scope: Any construct of the stack.
            encryption_key: As in the constructor; that of the first call counts.
        """
        return one_per_stack(scope, "RunLocks", lambda stack, id: cls(stack, id, encryption_key=encryption_key))
