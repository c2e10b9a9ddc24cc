"""Secrets in the Parameter Store: their names, who may read them, and who is known to."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, cast

from aws_cdk import aws_iam as iam

from chatops_constructs._asked_once import arn_beside
from chatops_runtime.contracts import template_metadata

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_lambda as lambda_
    from constructs import Construct

    from chatops_runtime.contracts.template_metadata import SecretMark

# https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html: letters, digits and
# . - _ between slashes, at most 15 levels, not beginning with aws or ssm in any case.
NAME = re.compile(r"(?!/(?i:aws|ssm))(/[A-Za-z0-9._-]+){1,15}")
MOST_CHARACTERS = 900


def grant_read_secret(
    function: lambda_.Function,
    parameter: str,
    *,
    sid: str,
    encryption_key: kms.IKey | None,
    action: str = "ssm:GetParameter",
) -> None:
    """Let a function read one SecureString, and no other parameter.

    Args:
        function: The function.
        parameter: The name.
        sid: Of the statement: `ReadThe…`.
        encryption_key: The customer-managed key that it is encrypted with. None: the account's `aws/ssm` key, which
            needs no permission.
        action: The call that reads it.
    """
    # CDK's own grant_read for parameters would allow their history and DescribeParameters as well.
    arn = parameter_arn(function, parameter)
    function.add_to_role_policy(iam.PolicyStatement(sid=sid, actions=[action], resources=[arn]))
    if encryption_key is not None:
        # https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html
        function.add_to_role_policy(
            iam.PolicyStatement(
                sid=f"Decrypt{sid.removeprefix('Read')}",
                actions=["kms:Decrypt"],
                resources=[encryption_key.key_arn],
                conditions={"StringEquals": {"kms:EncryptionContext:PARAMETER_ARN": arn}},
            )
        )


def parameter_arn(scope: Construct, name: str) -> str:
    """The ARN of the SSM parameter `name`, which begins with `/`, be that known at deploy time only."""
    return arn_beside(scope, "ssm", f"parameter{name}")


def declare_secrets(function: lambda_.Function, *secrets: SecretMark) -> None:
    """Say in the template which secrets a function reads, so that `chatops-constructs secrets check` looks at them.

    Called again for a function, it adds to what was declared. Functions of endpoints and notifiers have marks of their
    own that name theirs.

    Args:
        function: The function.
        secrets: Each by its name, store and kind, with the words of `template_metadata`.
    """
    declared = _declared_by(function)
    declared.extend(each for each in secrets if each not in declared)
    cast("lambda_.CfnFunction", function.node.default_child).add_metadata(
        template_metadata.SECRETS, {"version": template_metadata.VERSION, "secrets": declared}
    )


@cache
def _declared_by(function: lambda_.Function) -> list[SecretMark]:  # noqa: ARG001 - what it is kept by
    """What was declared for `function` so far."""
    return []
