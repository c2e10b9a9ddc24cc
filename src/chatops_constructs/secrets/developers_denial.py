"""What developers are denied, so that they read no secret of a stage.

attached to developers                 still theirs
reading values, histories, by path     listing names (DescribeParameters, DescribeSecret)
decrypting what was read otherwise     putting new values (PutParameter, PutSecretValue)
letting another account read           all other stages
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_iam as iam

from chatops_constructs._asked_once import stack_of
from chatops_constructs.secrets.managed_secret import SUFFIX

if TYPE_CHECKING:
    from aws_cdk import aws_lambda as lambda_
    from constructs import Construct

_READING_PARAMETERS = ["ssm:GetParameter", "ssm:GetParameters", "ssm:GetParameterHistory", "ssm:GetParametersByPath"]


class DevelopersDenial:
    """The statements, and the policy made of them.

    ARNs are of any region and account: a secret may be replicated, and a policy may be copied.
    """

    def __init__(self, scope: Construct, *, project: str, stage: str) -> None:
        """Deny what is under `/project/stage`.

        Args:
            scope: The policy's parent.
            project: The project.
            stage: The stage.
        """
        self._scope = scope
        self._partition = stack_of(scope).partition
        folder = f"parameter/{project}/{stage}"
        within = self._arn("ssm", f"{folder}/*")
        self._managed = _denial(
            "DenyReadingSecrets",
            # BatchGetSecretValue takes the same right for each secret that it returns:
            # https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_BatchGetSecretValue.html
            # kms:Decrypt is not denied, since a new value takes it as well; what is encrypted is nowhere to be had:
            # https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html
            ["secretsmanager:GetSecretValue", "secretsmanager:PutResourcePolicy"],
            [self._arn("secretsmanager", f"secret:/{project}/{stage}/*")],
        )
        self._changing = _denial(
            "DenyChangingTheirReaders", ["lambda:UpdateFunctionCode", "lambda:UpdateFunctionConfiguration"], []
        )
        self._roles = _denial(
            "DenyTakingTheirRoles", ["iam:PassRole", "iam:UpdateAssumeRolePolicy", "sts:AssumeRole"], []
        )
        self._statements = [
            _denial("DenyReadingParameters", _READING_PARAMETERS, [within, self._arn("ssm", folder)]),
            # Who may read a path reads all below it, denied or not:
            # https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-access.html
            _denial(
                "DenyReadingThePathsAbove",
                ["ssm:GetParametersByPath"],
                [self._arn("ssm", path) for path in ("parameter/", f"parameter/{project}", f"parameter/{project}/")],
            ),
            # https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html#parameter-store-encryption-context
            _denial(
                "DenyDecryptingParameters",
                ["kms:Decrypt"],
                ["*"],
                {"StringLike": {"kms:EncryptionContext:PARAMETER_ARN": within}},
            ),
            # A parameter of the advanced tier can be shared:
            # https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-shared-parameters.html
            _denial("DenySharingParameters", ["ssm:PutResourcePolicy"], [within]),
            self._managed,
        ]

    def add_secret(self, name: str) -> None:
        """Deny reading a secret of Secrets Manager that has a name of its own."""
        self._managed.add_resources(self._arn("secretsmanager", f"secret:{name}{SUFFIX}"))

    def add_function(self, function: lambda_.Function) -> None:
        """Deny changing a function and using its role."""
        self._changing.add_resources(function.function_arn)
        role = function.role
        if role is not None:
            self._roles.add_resources(role.role_arn)

    def policy(self, id: str, name: str | None) -> iam.ManagedPolicy:
        """The managed policy."""
        about_functions = [each for each in (self._changing, self._roles) if each.has_resource]
        return iam.ManagedPolicy(
            self._scope,
            id,
            managed_policy_name=name,
            description="Whoever it is attached to reads no secret of the stage (chatops-constructs)",
            statements=[*self._statements, *about_functions],
        )

    def _arn(self, service: str, resource: str) -> str:
        return f"arn:{self._partition}:{service}:*:*:{resource}"


def _denial(
    sid: str, actions: list[str], resources: list[str], conditions: dict[str, dict[str, str]] | None = None
) -> iam.PolicyStatement:
    return iam.PolicyStatement(
        sid=sid, effect=iam.Effect.DENY, actions=actions, resources=resources, conditions=conditions
    )
