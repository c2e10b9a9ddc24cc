"""Temporary credentials of a role, as Lambda puts them into a function's environment."""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING

from chatops_local.ministack.private import private

if TYPE_CHECKING:
    from chatops_local.ministack.permissions.authorization import Principal

_register_session = private("services.sts:register_session", "access_key, session")

_VALID_SECONDS = 12 * 3600


def session_credentials(principal: Principal) -> dict[str, str]:
    """New credentials with exactly the rights of the principal's role, as environment variables."""
    access_key_id = f"ASIA{secrets.token_hex(8).upper()}"
    secret_access_key = secrets.token_urlsafe(30)
    token = secrets.token_urlsafe(64)
    _register_session.get()(
        access_key_id,
        {
            "Arn": principal.arn,
            "UserId": f"{principal.role_name}:{principal.session}",
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
