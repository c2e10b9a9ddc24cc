"""Where the whole output of scripts goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs

from chatops_constructs._encryption import allow_logs

if TYPE_CHECKING:
    from constructs import Construct


def output_log_of(scope: Construct, encryption_key: kms.IKey | None) -> logs.ILogGroup:
    """The stack's log group for output, one for each key that encrypts it, created at the first call."""
    stack = Stack.of(scope)
    id = "RunCommandOutput" if encryption_key is None else f"RunCommandOutput{encryption_key.node.addr[-8:]}"
    existing = stack.node.try_find_child(id)
    if existing:
        return cast("logs.ILogGroup", existing)
    if encryption_key is not None:
        allow_logs(scope, encryption_key)
    return logs.LogGroup(
        stack,
        id,
        retention=logs.RetentionDays.ONE_MONTH,
        removal_policy=RemovalPolicy.DESTROY,
        encryption_key=encryption_key,
    )
