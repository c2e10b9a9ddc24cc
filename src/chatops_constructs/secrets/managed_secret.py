"""A secret in Secrets Manager."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_iam as iam

from chatops_constructs._asked_once import arn_beside, stack_of
from chatops_constructs.secrets.stage_secret import StageSecret
from chatops_constructs.secrets.statement_id import statement_id
from chatops_runtime.contracts import template_metadata
from chatops_runtime.contracts.secrets import SECRETS_MANAGER, reference

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_lambda as lambda_

    from chatops_runtime.contracts.template_metadata import SecretMark

# Secrets Manager adds a hyphen and six characters to the name in the ARN, which are not known before the secret is
# there. Six `?` match these of the one secret; a `*` would match those of `<name>-2` as well:
# https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_iam-policies.html
SUFFIX = "-??????"


class ManagedSecret(StageSecret):
    """A secret that Secrets Manager keeps, or one field of it."""

    def __init__(
        self, *, key: str, name: str, stage: str, json_field: str | None, encryption_key: kms.IKey | None
    ) -> None:
        """Keep the names.

        Args:
            key: What handlers ask for.
            name: The secret's name.
            stage: The stage.
            json_field: The field of its JSON; None: all of it.
            encryption_key: The key that it is encrypted with. None: the account's `aws/secretsmanager`.
        """
        super().__init__(key=key, name=name, stage=stage)
        self._json_field = json_field
        self._encryption_key = encryption_key

    def grant_read(self, function: lambda_.Function) -> None:
        """Allow GetSecretValue on it; that of the whole value, as permissions know no fields."""
        # CDK's own grant_read for secrets by name would allow DescribeSecret as well.
        sid = statement_id(self.name)
        arn = arn_beside(function, "secretsmanager", f"secret:{self.name}{SUFFIX}")
        function.add_to_role_policy(
            iam.PolicyStatement(sid=sid, actions=["secretsmanager:GetSecretValue"], resources=[arn])
        )
        if self._encryption_key is not None:
            # https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
            function.add_to_role_policy(
                iam.PolicyStatement(
                    sid=f"Decrypt{sid.removeprefix('Read')}",
                    actions=["kms:Decrypt"],
                    resources=[self._encryption_key.key_arn],
                    conditions={
                        "StringEquals": {"kms:ViaService": f"secretsmanager.{stack_of(function).region}.amazonaws.com"},
                        "StringLike": {"kms:EncryptionContext:SecretARN": arn},
                    },
                )
            )

    @property
    def _reference(self) -> str:
        return reference(SECRETS_MANAGER, self.name, self._json_field)

    @property
    def _mark(self) -> SecretMark:
        mark: SecretMark = {
            "name": self.name,
            "store": template_metadata.SECRETS_MANAGER,
            "kind": template_metadata.TEXT,
            "stage": self.stage,
        }
        if self._json_field is not None:
            mark["json_field"] = self._json_field
        if self._encryption_key is not None:
            mark["encryption_key"] = self._encryption_key.key_arn
        return mark
