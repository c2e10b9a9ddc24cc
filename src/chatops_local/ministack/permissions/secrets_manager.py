"""What the operations of Secrets Manager need to be allowed.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_local.ministack.permissions.authorization import Access

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chatops_local.ministack.permissions.place import Place


def _on_secret(action: str) -> Callable[[Mapping[str, Any], Place], list[Access]]:
    return lambda request, place: [Access(action, _arn(request, place))]


def _get_secret_value(request: Mapping[str, Any], place: Place) -> list[Access]:
    """Reading a secret under the customer's own key takes the key; AWS's key for Secrets Manager takes nothing.

    https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
    """
    arn = _arn(request, place)
    _, key = place.directory.secret_of(str(request["SecretId"]))
    access = Access("secretsmanager:GetSecretValue", arn)
    if key is None:
        return [access]
    context = {
        "kms:ViaService": f"secretsmanager.{place.region}.amazonaws.com",
        "kms:EncryptionContext:SecretARN": arn,
    }
    return [access, Access("kms:Decrypt", key, context)]


def _arn(request: Mapping[str, Any], place: Place) -> str:
    found, _ = place.directory.secret_of(str(request["SecretId"]))
    return place.arn("secretsmanager", found if found.startswith("arn:") else f"secret:{found}")


RULES: dict[str, Callable[[Mapping[str, Any], Place], list[Access]]] = {
    "DescribeSecret": _on_secret("secretsmanager:DescribeSecret"),
    "GetSecretValue": _get_secret_value,
}
