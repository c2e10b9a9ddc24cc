"""Log groups as this library makes them, and what a customer-managed key's policy must say for them."""

from __future__ import annotations

from aws_cdk import ArnFormat, Names, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from constructs import Construct


def own_log_group(
    scope: Construct, id: str, *, encryption_key: kms.IKey | None, delivered_by: str | None = None
) -> logs.LogGroup:
    """A log group that belongs to what it logs: kept for a month, and removed with it.

    Args:
        scope: The parent.
        id: The id in `scope`.
        encryption_key: Encrypts it. None: a key that AWS owns.
        delivered_by: The service whose logs are delivered to it, such as `states`. Its name begins with
            /aws/vendedlogs/ then: CloudWatch Logs lists every other group that a service delivers to in one resource
            policy of the account, which holds 5,120 characters
            (https://docs.aws.amazon.com/step-functions/latest/dg/bp-cwl.html). Default: its own writer writes to it.
    """
    if encryption_key is not None:
        let_logs_use(encryption_key, scope)
    return logs.LogGroup(
        scope,
        id,
        log_group_name=_vended_name(scope, id, delivered_by) if delivered_by else None,
        retention=logs.RetentionDays.ONE_MONTH,
        removal_policy=RemovalPolicy.DESTROY,
        encryption_key=encryption_key,
    )


def _vended_name(scope: Construct, id: str, service: str) -> str:
    unique = Names.unique_resource_name(scope, max_length=200, separator="-", allowed_special_characters="-_")
    return f"/aws/vendedlogs/{service}/{unique}-{id}"


def let_logs_use(key: kms.IKey, scope: Construct) -> None:
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
