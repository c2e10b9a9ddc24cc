"""Temporary credentials of a role, as Lambda puts them into a function's environment, and for callers in tests."""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING

from chatops_local.ministack.permissions.authorization import Principal
from chatops_local.ministack.private import private

if TYPE_CHECKING:
    from chatops_local.ministack.emulator import Emulator

_register_session = private("services.sts:register_session", "access_key, session")

_roles = private("services.iam:_roles")

_VALID_SECONDS = 12 * 3600


def apply(emulator: Emulator) -> None:
    """Let the controller act in a role."""

    def role_credentials(role_arn: str, session: str) -> dict[str, str]:
        principal = Principal(role_arn, session, emulator.region)
        if principal.role_name not in _roles.get():
            raise ValueError(f"role {role_arn} does not exist; deploy its stack first")
        made = session_credentials(principal)
        return {name.removeprefix("AWS_").lower(): value for name, value in made.items()}

    emulator.calls.update(role_credentials=role_credentials)


def session_credentials(principal: Principal) -> dict[str, str]:
    """New credentials with exactly the rights of the principal's role, as environment variables."""
    access_key_id = f"ASIA{secrets.token_hex(8).upper()}"
    secret_access_key = secrets.token_urlsafe(30)
    token = secrets.token_urlsafe(64)
    _register_session.get()(
        access_key_id,
        {
            "Arn": principal.arn,
            "UserId": f"{_id_of(principal.role_name)}:{principal.session}",
            "SecretAccessKey": secret_access_key,
            "SessionToken": token,
            "Expiration": time.time() + _VALID_SECONDS,
        },
    )
    return {
        "AWS_ACCESS_KEY_ID": access_key_id,
        "AWS_SECRET_ACCESS_KEY": secret_access_key,
        "AWS_SESSION_TOKEN": token,
    }


def _id_of(role_name: str) -> str:
    """Such as ``AROA…``: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids."""
    role = _roles.get().get(role_name)
    return str(role["RoleId"]) if role else role_name
