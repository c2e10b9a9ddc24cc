"""What the items of a DynamoDB transaction need: a transaction is no action of IAM, each item is one.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from chatops_local.ministack.permissions.table import UncheckableError, accesses_of
from chatops_local.ministack.private import Untyped, private

if TYPE_CHECKING:
    from chatops_local.ministack.permissions.place import Place

_dynamodb_transaction_checks = private(
    "core.iam_actions:dynamodb_transaction_checks", "iam_action, body, region, account_id"
)

_JUDGED = ("sts:GetCallerIdentity", "*")
"""What everybody may do."""


def apply(place: Place) -> None:
    """MiniStack's own check, which has one set of condition keys for all items, is for what the table cannot read."""

    def unless_judged(original: Untyped) -> Untyped:
        def dynamodb_transaction_checks(iam_action: str, body: bytes, region: str, account_id: str) -> Any:  # noqa: ANN401
            checks = original(iam_action, body, region, account_id)
            return [_JUDGED] if checks and _is_readable(iam_action, body, place.at(region)) else checks

        return dynamodb_transaction_checks

    _dynamodb_transaction_checks.wrap(unless_judged)


def _is_readable(action: str, body: bytes, place: Place) -> bool:
    service, _, operation = action.partition(":")
    try:
        return bool(accesses_of(service, operation, json.loads(body), place))
    except (AttributeError, KeyError, TypeError, ValueError, UncheckableError):
        return False
