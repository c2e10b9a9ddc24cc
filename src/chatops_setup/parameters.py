"""The secrets in Parameter Store: what is known of them without reading them, their values, and how to write one.

https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chatops_setup.aws import AwsError, RefusedCallError

if TYPE_CHECKING:
    from datetime import datetime

    from chatops_setup.aws import Aws

SECURE = "SecureString"


@dataclass(frozen=True)
class Secret:
    """A secret that is in no representation and no error."""

    value: str = field(repr=False)


@dataclass(frozen=True)
class StoredParameter:
    """What is known of a parameter without reading it."""

    name: str
    type: str
    version: int
    modified: datetime
    key_id: str | None

    @property
    def is_secure(self) -> bool:
        """Whether it is encrypted."""
        return self.type == SECURE

    @property
    def described(self) -> str:
        """For people."""
        return f"{self.type}, version {self.version}, of {self.modified:%Y-%m-%d %H:%M %Z}".rstrip()


def look(aws: Aws, name: str) -> StoredParameter | None:
    """The parameter; None if there is none.

    Raises:
        AwsError: It cannot be looked at.
    """
    wanted = [{"Key": "Name", "Option": "Equals", "Values": [name]}]
    for each in aws.all_of("ssm", "describe_parameters", "Parameters", ParameterFilters=wanted):
        return StoredParameter(
            name=name,
            type=each["Type"],
            version=each["Version"],
            modified=each["LastModifiedDate"],
            key_id=each.get("KeyId"),
        )
    return None


def read(aws: Aws, name: str) -> Secret | None:
    """The value; None if there is no such parameter.

    Raises:
        AwsError: It cannot be read.
    """
    try:
        answer = aws.call("ssm", "get_parameter", Name=name, WithDecryption=True)
    except RefusedCallError as error:
        if error.code == "ParameterNotFound":
            return None
        raise
    return Secret(answer["Parameter"]["Value"])


def write(aws: Aws, name: str, secret: Secret, *, key_id: str | None, overwrite: bool) -> int:
    """Store a secret; its version.

    Args:
        aws: Where.
        name: The name.
        secret: The value.
        key_id: The key that encrypts it. Without one, Systems Manager takes the account's, also for a parameter that
            had another.
        overwrite: Whether there may be one already.

    Raises:
        AwsError: It cannot be written.
    """
    with_key = {"KeyId": key_id} if key_id else {}
    try:
        answer = aws.call(
            "ssm", "put_parameter", Name=name, Value=secret.value, Type=SECURE, Overwrite=overwrite, **with_key
        )
    except RefusedCallError as error:
        # Without AWS's message, which may quote the value.
        raise AwsError(f"{name} could not be written: {error.code}") from None
    return int(answer["Version"])
