"""A function of this library: our code, its own role and log, nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs

from chatops_constructs._acknowledge import LOG_STREAMS, acknowledge_resource
from chatops_constructs._log_group import own_log_group
from chatops_constructs.packaging import runtime_asset

if TYPE_CHECKING:
    from collections.abc import Mapping

    from constructs import Construct

RUNTIME = lambda_.Runtime.PYTHON_3_14
ARCHITECTURE = lambda_.Architecture.ARM_64


def role_for_function(scope: Construct, id: str, *, log_group: logs.ILogGroup, description: str) -> iam.Role:
    """A role that may write to the function's log group; the AWS-managed one may write to all of them."""
    role = iam.Role(scope, id, assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"), description=description)
    log_group.grant_write(role)
    acknowledge_resource(role, log_group.log_group_arn, LOG_STREAMS)
    return role


class RuntimeFunction(lambda_.Function):
    """A Lambda function whose handler is in `chatops_runtime`.

    Code, runtime, architecture and handler are fixed here; role and log group are made here with the least they need.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        handler: str,
        description: str,
        memory_size: int,
        timeout: Duration,
        environment: Mapping[str, str] | None = None,
        log_group: logs.ILogGroup | None = None,
        encryption_key: kms.IKey | None = None,
    ) -> None:
        """Create the function, its role and, unless one is passed in, its log group.

        Args:
            scope: The parent.
            id: The id in `scope`; the role and the log group stand beside it as `<id>Role` and `<id>Logs`.
            handler: The module and function in `chatops_runtime`.
            description: What the function does.
            memory_size: MiB; the share of a processor follows it.
            timeout: The longest a call may take.
            environment: The function's variables.
            log_group: An existing log group. Default: an own one, kept for one month.
            encryption_key: Encrypts the own log group. Default: a key that AWS owns.
        """
        logs_of_function = log_group or own_log_group(scope, f"{id}Logs", encryption_key=encryption_key)
        super().__init__(
            scope,
            id,
            runtime=RUNTIME,
            architecture=ARCHITECTURE,
            handler=handler,
            code=runtime_asset.code_of(handler),
            description=f"{description[0].upper()}{description[1:]} (chatops-constructs)",
            memory_size=memory_size,
            timeout=timeout,
            environment=dict(environment or {}),
            log_group=logs_of_function,
            role=role_for_function(
                scope,
                f"{id}Role",
                log_group=logs_of_function,
                description=f"What the function may do that {description}",
            ),
        )
