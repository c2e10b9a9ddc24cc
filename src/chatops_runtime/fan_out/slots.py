"""A true rate: every job begins at a moment that is nobody else's.

One item of the table says before when no further job begins. Whoever wants to begin one moves that on by the space
between two jobs, under a condition, so that of several only one gets a moment. A slot is reserved just before its job:
slots that were reserved ahead for a whole batch would be begun late, all at once with those of others.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from chatops_runtime.contracts import fan_out as contract
from chatops_runtime.fan_out.claims import is_condition, item_of

if TYPE_CHECKING:
    from collections.abc import Callable

_MICROSECONDS = 1_000_000
_RATE = {contract.TABLE_KEY: {"S": "rate"}}
_NAMES = {"#next": contract.NEXT_AT}


class Slots:
    """The rate in the table of `chatops_runtime.contracts.fan_out`."""

    def __init__(
        self,
        client: Any,  # noqa: ANN401 - boto3's clients have no type
        table_name: str,
        *,
        per_second: float,
        now: Callable[[], float],
    ) -> None:
        """With boto3's DynamoDB client.

        Args:
            client: The client.
            table_name: The table.
            per_second: How many jobs are begun in a second.
            now: Unix time in seconds, as all machines have it.
        """
        self._client = client
        self._table_name = table_name
        self._space = math.ceil(_MICROSECONDS * contract.MARGIN / per_second)
        self._now = now
        self._others_wait = False

    def take(self, latest: float) -> float | None:
        """Reserve the next slot.

        Args:
            latest: Unix time in seconds after which it would be too late.

        Returns:
            When it is, in Unix time; None if that is too late, and nothing is reserved.
        """
        while True:
            now, last = (math.floor(seconds * _MICROSECONDS) for seconds in (self._now(), latest))
            if now > last:
                return None
            # Which of the two it is was so the last time as well, most likely.
            slot, next_at = self._behind_others(now, last) if self._others_wait else self._at_once(now)
            if slot is not None:
                return slot / _MICROSECONDS
            if next_at > last:
                return None
            self._others_wait = next_at > now

    def _at_once(self, now: int) -> tuple[int | None, int]:
        """The slot that is now, if nobody has a later one; otherwise when the next one is."""
        _, next_at = self._move(
            "SET #next = :then",
            "attribute_not_exists(#next) OR #next <= :now",
            {":then": now + self._space, ":now": now},
        )
        return (now, now) if next_at is None else (None, next_at)

    def _behind_others(self, now: int, last: int) -> tuple[int | None, int]:
        """The slot after all others, if there are others and it is not too late; otherwise when the next one is."""
        slot, next_at = self._move(
            "SET #next = #next + :space",
            "#next > :now AND #next <= :last",
            {":space": self._space, ":now": now, ":last": last},
        )
        return (slot, slot) if next_at is None else (None, next_at)

    def _move(self, update: str, condition: str, values: dict[str, int]) -> tuple[int, int | None]:
        """What the item said before; beside it, if the condition did not hold, what it says."""
        try:
            answer = self._client.update_item(
                TableName=self._table_name,
                Key=_RATE,
                UpdateExpression=update,
                ConditionExpression=condition,
                ExpressionAttributeNames=_NAMES,
                ExpressionAttributeValues={name: {"N": str(value)} for name, value in values.items()},
                ReturnValues="UPDATED_OLD",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            if not is_condition(error):
                raise
            return 0, _next_at(item_of(error))
        return _next_at(answer.get("Attributes") or {}), None


def _next_at(item: dict[str, Any]) -> int:
    return int(item.get(contract.NEXT_AT, {}).get("N", 0))
