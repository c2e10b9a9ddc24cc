"""What a story denies somebody, to see what becomes of that."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.iam.laboratory import Laboratory

_NAME = "DeniedByTheStory"


@contextmanager
def denied(laboratory: Laboratory, role: str, *actions: str) -> Iterator[None]:
    """Inside, a role may not do something, whatever its policies say."""
    iam = laboratory.cloud.server.client("iam")
    statement = {"Effect": "Deny", "Action": list(actions), "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.put_role_policy(RoleName=role, PolicyName=_NAME, PolicyDocument=document)
    try:
        yield
    finally:
        iam.delete_role_policy(RoleName=role, PolicyName=_NAME)
