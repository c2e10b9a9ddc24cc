"""The table of turns in DynamoDB: `chatops_runtime.contracts.channel_turns`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from chatops_runtime.contracts import channel_turns as contract

FORGOTTEN_AFTER_SECONDS = 86_400

_NOBODY = ""
_NAMES = {
    "#channel": contract.KEY,
    "#not_before": contract.NOT_BEFORE_MS,
    "#holder": contract.HOLDER,
    "#expires": contract.EXPIRES_AT,
}
_SET = "SET #not_before = :until, #holder = :new_holder, #expires = :expires"


@dataclass(frozen=True)
class Taken:
    """Why there is no turn now.

    Attributes:
        not_before_ms: Before then nobody posts, in milliseconds of Unix time.
        being_posted: Whether that is only how long somebody who is posting may take at most.
    """

    not_before_ms: int
    being_posted: bool


class TurnTable:
    """One item for each channel, changed under a condition, so that of several only one takes a turn."""

    def __init__(self, client: Any, table_name: str) -> None:  # noqa: ANN401 - boto3's clients have no type
        """With boto3's DynamoDB client."""
        self._client = client
        self._table_name = table_name

    def take(self, channel: str, holder: str, *, now_ms: int, until_ms: int) -> Taken | None:
        """Take the turn until a moment, or learn why not."""
        try:
            self._update(
                channel,
                "attribute_not_exists(#channel) OR #not_before <= :now",
                {**_values(until_ms, holder), ":now": {"N": str(now_ms)}},
                {"#channel": contract.KEY},
            )
        except ClientError as error:
            if not _is_condition(error):
                raise
            # With ALL_OLD it comes beside the error:
            # https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html
            item: dict[str, Any] = dict(error.response).get("Item") or {}  # type: ignore[assignment]
            return Taken(
                not_before_ms=int(item.get(contract.NOT_BEFORE_MS, {}).get("N", now_ms)),
                being_posted=item.get(contract.HOLDER, {}).get("S", _NOBODY) != _NOBODY,
            )
        return None

    def end(self, channel: str, holder: str, *, not_before_ms: int) -> None:
        """Give the turn back.

        If it had been lost to somebody else, who came after the lease, the later of the two moments stands.
        """
        try:
            self._update(
                channel,
                "#holder = :holder OR #not_before < :until",
                {**_values(not_before_ms, _NOBODY), ":holder": {"S": holder}},
                {},
            )
        except ClientError as error:
            if not _is_condition(error):
                raise

    def _update(self, channel: str, condition: str, values: dict[str, Any], names: dict[str, str]) -> None:
        self._client.update_item(
            TableName=self._table_name,
            Key={contract.KEY: {"S": channel}},
            UpdateExpression=_SET,
            ConditionExpression=condition,
            ExpressionAttributeNames={
                **{name: _NAMES[name] for name in ("#not_before", "#holder", "#expires")},
                **names,
            },
            ExpressionAttributeValues=values,
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )


def _values(until_ms: int, new_holder: str) -> dict[str, Any]:
    expires = until_ms // 1000 + FORGOTTEN_AFTER_SECONDS
    return {":until": {"N": str(until_ms)}, ":new_holder": {"S": new_holder}, ":expires": {"N": str(expires)}}


def _is_condition(error: ClientError) -> bool:
    return bool(error.response["Error"]["Code"] == "ConditionalCheckFailedException")
