"""The table with the switch's state: `chatops_runtime.contracts.maintenance`."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from chatops_runtime.contracts import maintenance as contract
from chatops_runtime.log_line import LoggableError
from chatops_runtime.maintenance.state import State

if TYPE_CHECKING:
    from collections.abc import Callable

TRIES = 20
"""Each time somebody else's write comes in between, so that with so many somebody writes without a pause."""


class ContentionError(LoggableError):
    """Others wrote each time in between."""


class Store:
    """One item, read consistently and written under the condition that it is as it was read."""

    def __init__(self, client: Any, table_name: str) -> None:  # noqa: ANN401 - boto3's clients have no type
        """With boto3's DynamoDB client."""
        self._client = client
        self._table_name = table_name

    def read(self) -> State:
        """The state as of the last write that was acknowledged."""
        answer = self._client.get_item(
            TableName=self._table_name, Key={contract.KEY: {"S": contract.ITEM}}, ConsistentRead=True
        )
        item = answer.get("Item")
        if item is None:
            return State()
        return State.from_text(int(item[contract.ITEM_VERSION]["N"]), item[contract.STATE]["S"])

    def change(self, decide: Callable[[State], State | None]) -> State:
        """Write what `decide` makes of the state, and return what is stored then.

        Args:
            decide: Called anew with each state that is read, until nobody wrote in between; None: nothing is to change.
                It has to recognise its own change: the answer to a write may be lost, and the write then comes again.

        Raises:
            ContentionError: Others wrote each time in between.
        """
        for _ in range(TRIES):
            state = self.read()
            wanted = decide(state)
            if wanted is None:
                return state
            written = dataclasses.replace(wanted, version=state.version + 1)
            if self._written(written):
                return written
        raise ContentionError(f"somebody else changed the switch between reading and writing, {TRIES} times")

    def _written(self, state: State) -> bool:
        try:
            self._client.put_item(
                TableName=self._table_name,
                Item={
                    contract.KEY: {"S": contract.ITEM},
                    contract.ITEM_VERSION: {"N": str(state.version)},
                    contract.STATE: {"S": state.to_text()},
                },
                ConditionExpression="attribute_not_exists(#id) OR #version = :seen",
                ExpressionAttributeNames={"#id": contract.KEY, "#version": contract.ITEM_VERSION},
                ExpressionAttributeValues={":seen": {"N": str(state.version - 1)}},
            )
        except ClientError as error:
            if not _is_condition(error):
                raise
            return False
        return True


def _is_condition(error: ClientError) -> bool:
    return bool(error.response["Error"]["Code"] == "ConditionalCheckFailedException")
