"""What a customer-managed key's policy must say before CloudWatch Logs can use it."""

from __future__ import annotations

from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct


def allow_logs(scope: Construct, key: kms.IKey) -> None:
    """Let CloudWatch Logs encrypt this account's log groups in this region with `key`, once per key.

    Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html. The policy of a key that
    is imported cannot be changed from here: its owner has to add these statements.
    """
    stack = Stack.of(scope)
    marker = f"ChatOpsAllowLogs{key.node.addr}"
    if stack.node.try_find_child(marker):
        return
    Construct(stack, marker)
    log_groups = stack.format_arn(
        service="logs", resource="log-group", resource_name="*", arn_format=ArnFormat.COLON_RESOURCE_NAME
    )
    key.add_to_resource_policy(
        iam.PolicyStatement(
            sid="AllowCloudWatchLogs",
            principals=[iam.ServicePrincipal(f"logs.{stack.region}.amazonaws.com")],
            actions=["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
            resources=["*"],
            conditions={"ArnLike": {"kms:EncryptionContext:aws:logs:arn": log_groups}},
        )
    )
    # The delivery service, for logs of Step Functions whose executions are encrypted with the same key:
    # https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html
    key.add_to_resource_policy(
        iam.PolicyStatement(
            sid="AllowLogDelivery",
            principals=[iam.ServicePrincipal("delivery.logs.amazonaws.com")],
            actions=["kms:Decrypt*"],
            resources=["*"],
        )
    )
