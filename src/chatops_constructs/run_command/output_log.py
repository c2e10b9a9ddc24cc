"""Where the whole output of scripts goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_constructs._log_group import own_log_group
from chatops_constructs._one_per_stack import one_per_stack

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_logs as logs
    from constructs import Construct


def output_log_of(scope: Construct, encryption_key: kms.IKey | None) -> logs.ILogGroup:
    """The stack's log group for output, one for each key that encrypts it, created at the first call."""
    id = "RunCommandOutput" if encryption_key is None else f"RunCommandOutput{encryption_key.node.addr[-8:]}"
    return one_per_stack(scope, id, lambda stack, id: own_log_group(stack, id, encryption_key=encryption_key))
