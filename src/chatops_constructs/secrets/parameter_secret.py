"""A secret in Parameter Store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_constructs._secret_parameter import grant_read_secret
from chatops_constructs.secrets.stage_secret import StageSecret
from chatops_constructs.secrets.statement_id import statement_id
from chatops_runtime.contracts import template_metadata
from chatops_runtime.contracts.secrets import PARAMETER_STORE, reference

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_lambda as lambda_

    from chatops_runtime.contracts.template_metadata import SecretMark


class ParameterSecret(StageSecret):
    """A SecureString."""

    def __init__(self, *, key: str, name: str, stage: str, encryption_key: kms.IKey | None) -> None:
        """Keep the names.

        Args:
            key: What handlers ask for.
            name: The parameter's name.
            stage: The stage.
            encryption_key: The key that it is encrypted with. None: the account's `aws/ssm`.
        """
        super().__init__(key=key, name=name, stage=stage)
        self._encryption_key = encryption_key

    def grant_read(self, function: lambda_.Function) -> None:
        """Allow GetParameter on it."""
        grant_read_secret(function, self.name, sid=statement_id(self.name), encryption_key=self._encryption_key)

    @property
    def _reference(self) -> str:
        return reference(PARAMETER_STORE, self.name)

    @property
    def _mark(self) -> SecretMark:
        mark: SecretMark = {
            "name": self.name,
            "store": template_metadata.PARAMETER,
            "kind": template_metadata.TEXT,
            "stage": self.stage,
        }
        if self._encryption_key is not None:
            mark["encryption_key"] = self._encryption_key.key_arn
        return mark
