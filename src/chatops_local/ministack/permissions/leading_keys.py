"""``dynamodb:LeadingKeys``: which partition of a table a request is about.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from chatops_local.ministack.private import Untyped, private

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_local.ministack.permissions.place import Directory

_dynamodb_service_context = private("core.iam_actions:dynamodb_service_context", "body")

CONDITION_KEY = "dynamodb:LeadingKeys"

_UNKNOWN = "(this request's leading keys are not known to the local cloud)"
"""Of scans, and of queries of an index. No policy names it, so that what is not known is not allowed."""

_EQUAL = re.compile(r"(?<![\w.-])(?P<name>#?[A-Za-z_][\w.-]*)\s*=\s*(?P<value>:\w+)")


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
    partition_key = directory.partition_key_of(str(request.get("TableName", ""))) or ""
    item = request.get("Key") or request.get("Item") or _equalities(request)
    value = item.get(partition_key)
    return {CONDITION_KEY: str(next(iter(value.values()))) if value else _UNKNOWN}


def _equalities(request: Mapping[str, Any]) -> dict[str, Mapping[str, str]]:
    """What a query of a table demands of its keys to be; the partition key can be demanded in no other way."""
    if "IndexName" in request:
        return {}
    names, values = request.get("ExpressionAttributeNames") or {}, request.get("ExpressionAttributeValues") or {}
    found = _EQUAL.finditer(str(request.get("KeyConditionExpression", "")))
    return {str(names.get(each["name"], each["name"])): values.get(each["value"], {}) for each in found}
