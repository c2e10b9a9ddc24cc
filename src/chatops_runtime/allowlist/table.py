"""The table: consistent reads, and writes that happen as a whole or not at all."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from botocore.config import Config
from botocore.exceptions import ClientError, HTTPClientError

from chatops_runtime.allowlist.actions import key, plain
from chatops_runtime.contracts import allowlist as contract
from chatops_runtime.ip_sets.patience import OutOfTimeError, Patience, name_of
from chatops_runtime.log_line import LoggableError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatops_runtime.allowlist.actions import Action

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

# Two transactions that are in each other's way take milliseconds.
FIRST_PAUSE_SECONDS = 0.05
LONGEST_PAUSE_SECONDS = 1.0


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


def passes(error: Exception) -> bool:
    """Whether a write may work if it is tried again."""
    if isinstance(error, ClientError):
        reasons = _reasons(error)
        return set(reasons) <= PASSING_REASONS if reasons else name_of(error) in PASSING
    return isinstance(error, HTTPClientError)


class Table:
    """The allow-list's table: `chatops_runtime.contracts.allowlist`."""

    def __init__(self, client: Any, name: str, patience: Patience | None = None) -> None:  # noqa: ANN401
        """With boto3's DynamoDB client.

        Args:
            client: The client.
            name: The table's name.
            patience: With a clock, and with `passes`. Default: the machine's.
        """
        self._client = client
        self._name = name
        self._patience = patience or Patience(
            passes=passes, first_pause=FIRST_PAUSE_SECONDS, longest_pause=LONGEST_PAUSE_SECONDS
        )

    def get(self, kind: str, id: str) -> dict[str, Any] | None:
        """The item as of the last write that was acknowledged, None without one."""
        answer = self._client.get_item(TableName=self._name, Key=key(kind, id), ConsistentRead=True)
        return plain(answer["Item"]) if "Item" in answer else None

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
            yield from map(plain, page["Items"])
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
        transaction = _Transaction(self._client, [action.rendered(self._name) for action in actions])
        try:
            self._patience.until_it_works(transaction.once, deadline=deadline)
        except OutOfTimeError as error:
            raise BusyError(f"the table is busy or does not answer: {error}") from error


class _Transaction:
    """One write, which happens at most once however often it is tried."""

    def __init__(self, client: Any, items: list[dict[str, Any]]) -> None:  # noqa: ANN401
        self._client = client
        self._items = items
        self._token = _token()

    def once(self) -> None:
        """Try.

        Raises:
            ConditionsFailedError: A condition does not hold.
            Exception: It did not work, or nobody knows.
        """
        try:
            self._client.transact_write_items(TransactItems=self._items, ClientRequestToken=self._token)
        except ClientError as error:
            reasons = _reasons(error)
            failed = frozenset(number for number, reason in enumerate(reasons) if reason == CONDITION)
            if failed:
                raise ConditionsFailedError(failed) from None
            if reasons:
                # It did not happen. Of one without an answer nobody knows, and with its token it does not happen twice.
                self._token = _token()
            raise


def _token() -> str:
    return str(uuid.uuid4())


def _reasons(error: ClientError) -> list[str]:
    """Why a transaction was cancelled, action by action; nothing if that is not what happened."""
    reasons: list[dict[str, Any]] = dict(error.response).get("CancellationReasons") or []  # type: ignore[assignment]
    return [str(reason.get("Code", "None")) for reason in reasons]
