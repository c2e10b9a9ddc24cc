"""Rights on an allow-list's items by their kind, which is the table's partition key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_iam as iam

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_dynamodb as dynamodb
    from aws_cdk import aws_lambda as lambda_


def allow_items(
    function: lambda_.Function, table: dynamodb.Table, sid: str, *, actions: Sequence[str], kinds: Sequence[str]
) -> None:
    """Let a function do something with items of some kinds. Transactions need the rights of what they consist of.

    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html and
    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html

    Args:
        function: The function.
        table: The table.
        sid: Of the statement.
        actions: Of DynamoDB, on items.
        kinds: Values of the partition key.
    """
    function.add_to_role_policy(
        iam.PolicyStatement(
            sid=sid,
            actions=[f"dynamodb:{action}" for action in actions],
            resources=[table.table_arn],
            conditions={"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": list(kinds)}},
        )
    )
