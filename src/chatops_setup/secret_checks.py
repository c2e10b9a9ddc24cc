"""What there is to say about a declared secret: there or missing, of which type and key, and whether it can be it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, TypeAlias

from chatops_runtime.contracts import template_metadata
from chatops_setup import managed_secrets, parameters, secret_keys, secret_values
from chatops_setup.aws import AwsError, DeniedCallError
from chatops_setup.finding import Finding, ok, problem, unknown, warning

if TYPE_CHECKING:
    from collections.abc import Callable

    from chatops_setup.aws import Aws
    from chatops_setup.declared_secrets import DeclaredSecret
    from chatops_setup.managed_secrets import StoredSecret
    from chatops_setup.parameters import Secret, StoredParameter

Stored: TypeAlias = "StoredParameter | StoredSecret"

PUT = "`chatops-constructs secrets put` with the same arguments asks for it, and shows nothing of what is typed"
REPLACE = "let whoever issued it make a new one, since this one has been readable, and delete it; then"


class Values(Enum):
    """Whether values are looked at."""

    IF_ALLOWED = "if-allowed"
    REQUIRED = "required"
    NO = "no"


@dataclass(frozen=True)
class SecretChecks:
    """Checks secrets of one place.

    Attributes:
        aws: The place.
        values: Whether values are looked at.
    """

    aws: Aws
    values: Values

    def judged(self, secret: DeclaredSecret) -> Finding:
        """What is found; there is one finding for each secret."""
        try:
            if secret.store == template_metadata.PARAMETER:
                return self._parameter(secret, parameters.look(self.aws, secret.name))
            return self._managed(secret, managed_secrets.look(self.aws, secret.name))
        except DeniedCallError as error:
            return error.finding(secret.name)
        except AwsError as error:
            return unknown(secret.name, f"cannot be checked: {error}", "run this again")

    def _parameter(self, secret: DeclaredSecret, stored: StoredParameter | None) -> Finding:
        if stored is None:
            return problem(secret.name, f"missing from Parameter Store in {self.aws.region}", PUT)
        if not stored.is_secure:
            return problem(
                secret.name, f"is a {stored.type}, which everybody who lists parameters can read", f"{REPLACE} {PUT}"
            )
        return self._encrypted(secret, stored, lambda: parameters.read(self.aws, secret.name))

    def _managed(self, secret: DeclaredSecret, stored: StoredSecret | None) -> Finding:
        if stored is None:
            return problem(secret.name, f"missing from Secrets Manager in {self.aws.region}", PUT)
        if stored.is_being_deleted:
            return problem(
                secret.name, "is being deleted", f"aws secretsmanager restore-secret --secret-id {secret.name}"
            )
        if not stored.has_value:
            return problem(secret.name, "has no value yet", PUT)
        return self._encrypted(secret, stored, lambda: managed_secrets.read(self.aws, secret.name))

    def _encrypted(self, secret: DeclaredSecret, stored: Stored, read: Callable[[], Secret | None]) -> Finding:
        trouble = secret_keys.trouble_with(self.aws, secret.key, stored.key_id)
        if trouble is not None:
            return problem(
                secret.name, trouble, f"store it with the key that the stack names as encryption_key, or none: {PUT}"
            )
        if self.values is Values.NO:
            return ok(secret.name, f"{stored.described}; its value was not looked at")
        try:
            value = read()
        except DeniedCallError as error:
            return self._unread(secret, stored, error)
        if value is None:
            return problem(secret.name, "is binary, and text is expected", PUT)
        trouble = secret_values.trouble_with(secret, value)
        return problem(secret.name, trouble, PUT) if trouble else ok(secret.name, stored.described)

    def _unread(self, secret: DeclaredSecret, stored: Stored, error: DeniedCallError) -> Finding:
        if self.values is Values.REQUIRED:
            return error.finding(secret.name)
        return warning(
            secret.name,
            f"{stored.described}; its value was not looked at: you may not {error.permission}",
            "that it is there and encrypted is known; --values no asks for no more, --values required fails here",
        )
