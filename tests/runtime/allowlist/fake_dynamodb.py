"""DynamoDB's API as far as it matters here: conditions, transactions, conflicts, pages, answers that get lost.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError, ReadTimeoutError

from tests.runtime.allowlist.expressions import Expression, holds, updated

if TYPE_CHECKING:
    from collections.abc import Callable

Item = dict[str, Any]
Key = tuple[str, str]


class FakeDynamoDb:
    """A client, with one table whose keys are `kind` and `id`. What it gives and takes is in DynamoDB's own types."""

    def __init__(
        self,
        sleep: Callable[[float], None] = lambda _: None,
        latency: Callable[[], float] = lambda: 0.0,
        *,
        page: int = 3,
    ) -> None:
        self.sleep = sleep
        self.latency = latency
        self.page = page
        self.items: dict[Key, Item] = {}
        self.calls: list[str] = []
        self.writes = 0
        self.conflicts = 0
        self.before_write: list[Callable[[], object]] = []
        """What others do between somebody's reading and writing, one after the other."""
        self.failures: dict[str, list[str]] = {}
        """By operation, what happens to the next calls: an error's code, `lost answer`, `no answer`, or nothing."""
        self.on_change: Callable[[], None] = lambda: None
        self._locked: set[Key] = set()
        self._tokens: set[str] = set()

    def get_item(self, *, TableName: str, Key: Item, ConsistentRead: bool) -> Item:  # noqa: N803
        self._called("get_item")
        assert (TableName, ConsistentRead) == ("Table", True)
        item = self.items.get(_key(Key))
        return {"Item": copy.deepcopy(item)} if item is not None else {}

    def query(
        self,
        *,
        TableName: str,  # noqa: N803
        KeyConditionExpression: str,  # noqa: N803
        ExpressionAttributeNames: dict[str, str],  # noqa: N803
        ExpressionAttributeValues: Item,  # noqa: N803
        ConsistentRead: bool,  # noqa: N803
        ExclusiveStartKey: Item | None = None,  # noqa: N803
    ) -> Item:
        self._called("query")
        assert (TableName, ConsistentRead, KeyConditionExpression) == ("Table", True, "#kind = :kind")
        assert ExpressionAttributeNames == {"#kind": "kind"}
        kind = ExpressionAttributeValues[":kind"]["S"]
        after = ("", "") if ExclusiveStartKey is None else _key(ExclusiveStartKey)
        keys = sorted(key for key in self.items if key[0] == kind and key > after)
        found: Item = {"Items": [copy.deepcopy(self.items[key]) for key in keys[: self.page]]}
        # A full page has a key even if nothing follows.
        if len(keys) >= self.page:
            last = self.items[keys[self.page - 1]]
            found["LastEvaluatedKey"] = {"kind": last["kind"], "id": last["id"]}
        return found

    def transact_write_items(self, *, TransactItems: list[Item], ClientRequestToken: str) -> Item:  # noqa: N803
        assert 1 <= len(TransactItems) <= 100
        if self.before_write:
            self.before_write.pop(0)()
        failure = self._called("transact_write_items")
        if ClientRequestToken in self._tokens:
            return {}
        keys = [_target(item) for item in TransactItems]
        assert len(keys) == len(set(keys)), "one operation for each item"
        self._transact(TransactItems, keys)
        self._tokens.add(ClientRequestToken)
        self.writes += 1
        self.on_change()
        if failure == "lost answer":
            raise ReadTimeoutError(endpoint_url="https://dynamodb")
        return {}

    def _transact(self, items: list[Item], keys: list[Key]) -> None:
        busy = [key in self._locked for key in keys]
        if any(busy):
            self.conflicts += 1
            raise _cancelled(["TransactionConflict" if one else "None" for one in busy])
        self._locked |= set(keys)
        try:
            self.sleep(self.latency())
            outcomes = [_outcome(self.items.get(key), item) for key, item in zip(keys, items, strict=True)]
            if any(isinstance(outcome, str) for outcome in outcomes):
                raise _cancelled([outcome if isinstance(outcome, str) else "None" for outcome in outcomes])
            for key, outcome in zip(keys, outcomes, strict=True):
                assert not isinstance(outcome, str)
                if outcome is None:
                    self.items.pop(key, None)
                else:
                    self.items[key] = outcome
        finally:
            self._locked -= set(keys)

    def _called(self, operation: str) -> str:
        self.calls.append(operation)
        self.sleep(self.latency())
        failures = self.failures.get(operation)
        failure = failures.pop(0) if failures else ""
        if failure == "no answer":
            raise ReadTimeoutError(endpoint_url="https://dynamodb")
        if failure == "TransactionConflict":
            raise _cancelled([failure])
        if failure and failure != "lost answer":
            raise ClientError({"Error": {"Code": failure}, "ResponseMetadata": {"HTTPStatusCode": 400}}, operation)  # type: ignore[typeddict-item]
        return failure


def _outcome(item: Item | None, given: Item) -> Item | str | None:
    """The item after an operation, None if there is none any more, or why the transaction is cancelled."""
    ((operation, parameters),) = given.items()
    assert parameters["TableName"] == "Table"
    expression = Expression(
        parameters.get("ExpressionAttributeNames", {}), parameters.get("ExpressionAttributeValues", {})
    )
    condition = parameters.get("ConditionExpression", "")
    update = parameters.get("UpdateExpression", "")
    expression.check_all_are_used(f"{condition} {update}")
    if condition and not holds(condition, item or {}, expression):
        return "ConditionalCheckFailed"
    if operation == "Put":
        put: Item = copy.deepcopy(parameters["Item"])
        return put
    if operation == "Delete":
        return None
    assert operation == "Update"
    return updated(update, copy.deepcopy(item or parameters["Key"]), expression)


def _target(item: Item) -> Key:
    (parameters,) = item.values()
    return _key(parameters.get("Key") or parameters["Item"])


def _key(item: Item) -> Key:
    return item["kind"]["S"], item["id"]["S"]


def _cancelled(codes: list[str]) -> ClientError:
    return ClientError(
        {
            "Error": {"Code": "TransactionCanceledException"},
            "CancellationReasons": [{"Code": code} for code in codes],
        },
        "TransactWriteItems",
    )
