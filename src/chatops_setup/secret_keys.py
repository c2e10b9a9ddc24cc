"""Whether a secret is encrypted with the key that its readers may use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_setup.aws import DeniedCallError, RefusedCallError
from chatops_setup.declared_secrets import Key

if TYPE_CHECKING:
    from chatops_setup.aws import Aws

_MANAGED_BY_AWS = frozenset({None, "alias/aws/ssm", "alias/aws/secretsmanager"})


def trouble_with(aws: Aws, declared: Key | str, stored: str | None) -> str | None:
    """What is wrong with the key, after the secret's name; None if nothing is, or nothing is known to be.

    Args:
        aws: Where the secret is.
        declared: What the stack says.
        stored: The id, the ARN or the alias of the key that encrypts it; None for the account's own one.
    """
    if declared is Key.NOT_SAID:
        return None
    own = stored is None or stored.rpartition(":")[2] in _MANAGED_BY_AWS
    if declared is Key.MANAGED_BY_AWS:
        return None if own else f"is encrypted with {stored}, which its readers may not use"
    if own:
        return "is encrypted with the account's own key, and the stack names another one"
    if declared is Key.OF_A_STACK or stored is None:
        return None
    if _id_of(aws, stored) in (str(declared).rpartition("/")[2], None):
        return None
    return f"is encrypted with {stored}, and the stack names {declared}"


def _id_of(aws: Aws, key: str) -> str | None:
    """The id of a key; None for an alias whose key one may not look at."""
    if "alias/" not in key:
        return key.rpartition("/")[2]
    try:
        return str(aws.call("kms", "describe_key", KeyId=key)["KeyMetadata"]["KeyId"])
    except (DeniedCallError, RefusedCallError):
        return None
