"""``dynamodb:LeadingKeys``: which partition of a table a request is about.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from chatops_local.ministack.private import Untyped, private

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_local.ministack.permissions.place import Directory

_dynamodb_service_context = private("core.iam_actions:dynamodb_service_context", "body")

CONDITION_KEY = "dynamodb:LeadingKeys"

_UNKNOWN = "(this request's leading keys are not known to the local cloud)"
"""Of queries and scans. No policy names it, so that what is not known is not allowed."""


def apply(directory: Directory) -> None:
    """Let MiniStack know the key of calls over HTTP."""

    def with_leading_keys(original: Untyped) -> Untyped:
        def dynamodb_service_context(body: bytes) -> dict[str, Any]:
            context: dict[str, Any] = original(body)
            return {**context, **leading_keys(json.loads(body or b"{}"), directory)}

        return dynamodb_service_context

    _dynamodb_service_context.wrap(with_leading_keys)


def leading_keys(request: Mapping[str, Any], directory: Directory) -> dict[str, str]:
    """The condition key of a request, with its value."""
    item = request.get("Key") or request.get("Item") or {}
    value = item.get(directory.partition_key_of(str(request.get("TableName", ""))))
    return {CONDITION_KEY: str(next(iter(value.values()))) if value else _UNKNOWN}
