"""``aws:PrincipalArn``: of a session, the ARN of its role.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn
"""

from __future__ import annotations

import re
from typing import Any

from chatops_local.ministack.private import Untyped, private

_resolve_condition_key = private("core.iam_evaluator:_resolve_condition_key", "key, ctx")

_SESSION = re.compile(r"arn:(?P<partition>[^:]+):sts::(?P<account>[0-9]+):assumed-role/(?P<role>[^/]+)/.*")


def apply() -> None:
    """Let conditions compare the role."""

    def of_role(original: Untyped) -> Untyped:
        def resolve_condition_key(key: str, ctx: Untyped) -> Any:  # noqa: ANN401 - the value of any key
            value = original(key, ctx)
            session = _SESSION.fullmatch(value) if key.lower() == "aws:principalarn" and value else None
            if session is None:
                return value
            return f"arn:{session['partition']}:iam::{session['account']}:role/{session['role']}"

        return resolve_condition_key

    _resolve_condition_key.wrap(of_role)
