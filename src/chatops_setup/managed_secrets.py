"""The secrets in Secrets Manager: what is known of them without reading them, their values, and how to write one.

https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DescribeSecret.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatops_setup.aws import AwsError, RefusedCallError
from chatops_setup.parameters import Secret

if TYPE_CHECKING:
    from datetime import datetime

    from chatops_setup.aws import Aws

_CURRENT = "AWSCURRENT"
_MISSING = "ResourceNotFoundException"


@dataclass(frozen=True)
class StoredSecret:
    """What is known of a secret without reading it.

    Attributes:
        name: Its name.
        modified: When it was changed last; None if it never was.
        key_id: The customer-managed key that encrypts it; None if it is the account's own.
        has_value: Whether there is a current version.
        is_being_deleted: Whether it is to be deleted, and cannot be read any more.
    """

    name: str
    modified: datetime | None
    key_id: str | None
    has_value: bool
    is_being_deleted: bool

    @property
    def described(self) -> str:
        """For people."""
        return "in Secrets Manager" + (f", of {self.modified:%Y-%m-%d %H:%M %Z}".rstrip() if self.modified else "")


def look(aws: Aws, name: str) -> StoredSecret | None:
    """The secret; None if there is none.

    Raises:
        AwsError: It cannot be looked at.
    """
    try:
        found = aws.call("secretsmanager", "describe_secret", SecretId=name)
    except RefusedCallError as error:
        if error.code == _MISSING:
            return None
        raise
    return StoredSecret(
        name=name,
        modified=found.get("LastChangedDate"),
        key_id=found.get("KmsKeyId"),
        has_value=any(_CURRENT in stages for stages in found.get("VersionIdsToStages", {}).values()),
        is_being_deleted="DeletedDate" in found,
    )


def read(aws: Aws, name: str) -> Secret | None:
    """The value; None if it is binary.

    Raises:
        AwsError: It cannot be read.
    """
    value = aws.call("secretsmanager", "get_secret_value", SecretId=name).get("SecretString")
    return None if value is None else Secret(value)


def create(aws: Aws, name: str, secret: Secret, *, key_id: str | None) -> None:
    """Create a secret.

    Args:
        aws: Where.
        name: The name.
        secret: The value.
        key_id: The key that encrypts it. Without one, Secrets Manager takes the account's.

    Raises:
        AwsError: It cannot be created.
    """
    with_key = {"KmsKeyId": key_id} if key_id else {}
    _written(aws, name, "create_secret", Name=name, SecretString=secret.value, **with_key)


def write(aws: Aws, name: str, secret: Secret) -> None:
    """Store a new value of a secret that there is.

    Raises:
        AwsError: It cannot be written.
    """
    _written(aws, name, "put_secret_value", SecretId=name, SecretString=secret.value)


def _written(aws: Aws, name: str, operation: str, **parameters: str) -> None:
    try:
        aws.call("secretsmanager", operation, **parameters)
    except RefusedCallError as error:
        # Without AWS's message, which may quote the value.
        raise AwsError(f"{name} could not be written: {error.code}") from None
