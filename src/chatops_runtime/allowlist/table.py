"""The table: consistent reads, and writes that happen as a whole or not at all."""

from __future__ import annotations

import random
import re
import time
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from botocore.config import Config
from botocore.exceptions import ClientError, HTTPClientError

from chatops_runtime.contracts import allowlist as contract
from chatops_runtime.log_line import LoggableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

CLIENT = Config(connect_timeout=2, read_timeout=3, retries={"total_max_attempts": 2, "mode": "standard"})

# Of a transaction that was cancelled, and of a call:
# https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
CONDITION = "ConditionalCheckFailed"
PASSING_REASONS = frozenset({"None", "TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"})
PASSING = frozenset(
    {
        "InternalServerError",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ServiceUnavailable",
        "ThrottlingException",
        "TransactionInProgressException",
    }
)
FIRST_PAUSE_SECONDS = 0.05
LONGEST_PAUSE_SECONDS = 1.0

_NAME = re.compile(r"#(\w+)")


class ConditionsFailedError(Exception):
    """Something is not as the write has it. Nothing was written.

    Attributes:
        which: The numbers of the actions whose condition does not hold.
    """

    def __init__(self, which: frozenset[int]) -> None:
        """With the actions' numbers."""
        super().__init__(f"the conditions of the actions {sorted(which)} do not hold")
        self.which = which


class BusyError(LoggableError):
    """Others wrote the same items until the time was up. Nothing was written, as far as is known."""


@dataclass(frozen=True)
class Action:
    """One item's part of a write.

    Attributes:
        operation: `Put`, `Update` or `Delete`.
        parameters: Of the operation, but the table's name.
        condition: Which has to hold; names begin with `#`, values with `:`.
        values: Of both expressions.
    """

    operation: str
    parameters: dict[str, Any]
    condition: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)

    def rendered(self, table_name: str) -> dict[str, Any]:
        """As DynamoDB takes it. All names are aliased, since some, as `name` and `by`, are reserved words."""
        parameters = {"TableName": table_name, **self.parameters}
        if self.condition:
            parameters["ConditionExpression"] = self.condition
        expressions = f"{self.condition} {parameters.get('UpdateExpression', '')}"
        names = {f"#{name}": name for name in _NAME.findall(expressions)}
        if names:
            parameters["ExpressionAttributeNames"] = names
        if self.values:
            parameters["ExpressionAttributeValues"] = {name: _SERIALIZE(value) for name, value in self.values.items()}
        return {self.operation: parameters}


def put(item: Mapping[str, Any], condition: str = "", **values: object) -> Action:
    """Write the whole item."""
    return Action("Put", {"Item": _rendered(item)}, condition, _named(values))


def update(kind: str, id: str, expression: str, condition: str = "", **values: object) -> Action:
    """Change some attributes."""
    return Action("Update", {"Key": _key(kind, id), "UpdateExpression": expression}, condition, _named(values))


def delete(kind: str, id: str, condition: str, **values: object) -> Action:
    """Delete the item."""
    return Action("Delete", {"Key": _key(kind, id)}, condition, _named(values))


class Table:
    """The allow-list's table: `chatops_runtime.contracts.allowlist`."""

    def __init__(
        self,
        client: Any,  # noqa: ANN401 - boto3's clients have no type
        name: str,
        now: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
        uniform: Callable[[float, float], float] = random.uniform,
    ) -> None:
        """With boto3's DynamoDB client.

        Args:
            client: The client.
            name: The table's name.
            now: Unix time in seconds.
            sleep: Waits so many seconds.
            uniform: A random number between two.
        """
        self._client = client
        self._name = name
        self._now = now
        self._sleep = sleep
        self._uniform = uniform

    def get(self, kind: str, id: str) -> dict[str, Any] | None:
        """The item as of the last write that was acknowledged, None without one."""
        answer = self._client.get_item(TableName=self._name, Key=_key(kind, id), ConsistentRead=True)
        return _read(answer["Item"]) if "Item" in answer else None

    def all(self, kind: str) -> Iterator[dict[str, Any]]:
        """All items of a kind, each as of the last write that was acknowledged."""
        start: dict[str, Any] = {}
        while True:
            page = self._client.query(
                TableName=self._name,
                KeyConditionExpression="#kind = :kind",
                ExpressionAttributeNames={"#kind": contract.KIND},
                ExpressionAttributeValues={":kind": {"S": kind}},
                ConsistentRead=True,
                **start,
            )
            yield from map(_read, page["Items"])
            if "LastEvaluatedKey" not in page:
                return
            start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}

    def write(self, *actions: Action, deadline: float) -> None:
        """Do all of them, or none.

        Args:
            actions: At most 100, each of another item.
            deadline: Unix time in seconds, until which the others are waited for who write the same items.

        Raises:
            ConditionsFailedError: A condition does not hold.
            BusyError: The time was up.
            ClientError: DynamoDB refused.
        """
        items = [action.rendered(self._name) for action in actions]
        token = str(uuid.uuid4())
        tries = 0
        while True:
            tries += 1
            try:
                self._client.transact_write_items(TransactItems=items, ClientRequestToken=token)
            except HTTPClientError as error:
                # It may have happened. With the same token it does not happen twice.
                self._wait(error, tries, deadline)
            except ClientError as error:
                _raise_unless_it_passes(error)
                if "CancellationReasons" in error.response:
                    token = str(uuid.uuid4())
                self._wait(error, tries, deadline)
            else:
                return

    def _wait(self, error: Exception, tries: int, deadline: float) -> None:
        left = deadline - self._now()
        if left <= 0:
            raise BusyError(f"the table was busy or did not answer, {tries} times until the deadline") from error
        longest = min(FIRST_PAUSE_SECONDS * 2**tries, LONGEST_PAUSE_SECONDS)
        self._sleep(min(self._uniform(FIRST_PAUSE_SECONDS / 5, longest), left))


def _raise_unless_it_passes(error: ClientError) -> None:
    reasons: list[dict[str, Any]] = dict(error.response).get("CancellationReasons") or []  # type: ignore[assignment]
    codes = [str(reason.get("Code", "None")) for reason in reasons]
    failed = frozenset(number for number, code in enumerate(codes) if code == CONDITION)
    if failed:
        raise ConditionsFailedError(failed) from None
    passes = set(codes) <= PASSING_REASONS if codes else error.response["Error"]["Code"] in PASSING
    if not passes:
        raise error


def _key(kind: str, id: str) -> dict[str, Any]:
    return {contract.KIND: {"S": kind}, contract.ID: {"S": id}}


def _named(values: Mapping[str, object]) -> dict[str, object]:
    return {f":{name}": value for name, value in values.items()}


_SERIALIZE = TypeSerializer().serialize
_DESERIALIZE = TypeDeserializer().deserialize


def _rendered(item: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _SERIALIZE(value) for name, value in item.items()}


def _read(item: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _DESERIALIZE(value) for name, value in item.items()}
