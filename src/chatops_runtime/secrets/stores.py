"""Reads from Parameter Store and from Secrets Manager."""

from __future__ import annotations

from functools import cache
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from chatops_runtime.contracts.secrets import PARAMETER_STORE
from chatops_runtime.secrets.errors import SecretError

SECURE = "SecureString"

# A handler has a minute by default: boto3's own sixty seconds for a connection would leave nothing of it.
_CONFIG = Config(retries={"mode": "standard"}, connect_timeout=3, read_timeout=10)

_MISSING = frozenset({"ParameterNotFound", "ResourceNotFoundException"})
_DENIED = frozenset({"AccessDenied", "AccessDeniedException"})


def read(store: str, name: str) -> str:
    """What is stored under a name.

    Args:
        store: `contracts.secrets.PARAMETER_STORE` or `SECRETS_MANAGER`.
        name: The name.

    Raises:
        SecretError: It cannot be read, or is not encrypted.
    """
    try:
        return _of_parameter(name) if store == PARAMETER_STORE else _of_secrets_manager(name)
    except ClientError as error:
        raise SecretError(_explained(name, error.response["Error"]["Code"])) from None
    except BotoCoreError as error:
        raise SecretError(f"{name} could not be read: {type(error).__name__}") from None


def _of_parameter(name: str) -> str:
    parameter = _client("ssm").get_parameter(Name=name, WithDecryption=True)["Parameter"]
    if parameter["Type"] != SECURE:
        raise SecretError(
            f"{name} is a {parameter['Type']}, which is not encrypted: delete it, put a {SECURE} there, and have the "
            "secret replaced where it comes from, since this one has been readable"
        )
    return str(parameter["Value"])


def _of_secrets_manager(name: str) -> str:
    value = _client("secretsmanager").get_secret_value(SecretId=name).get("SecretString")
    if value is None:
        raise SecretError(f"{name} is binary, and text is expected: store it as SecretString")
    return str(value)


def _explained(name: str, code: str) -> str:
    if code in _MISSING:
        return f"there is no secret {name}, or it has no value yet: `chatops-constructs secrets put` asks for it"
    if code in _DENIED:
        return (
            f"this function may not read {name}: if it is encrypted with a key of yours, the stack has to say so "
            "(encryption_key), and the key's policy has to let this function's role use it"
        )
    return f"{name} could not be read: {code}"


@cache
def _client(service: str) -> Any:  # noqa: ANN401 - which client it is depends on the argument
    return boto3.client(service, config=_CONFIG)  # type: ignore[call-overload]
