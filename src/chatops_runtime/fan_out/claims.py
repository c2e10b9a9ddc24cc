"""Who does which job: each is claimed before it is begun, and known once it is done."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from chatops_runtime import log_line
from chatops_runtime.contracts import fan_out as contract

if TYPE_CHECKING:
    from collections.abc import Callable

CLOCKS_DIFFER_SECONDS = 5.0
"""So much later than its invocation's deadline a claim ends: functions' clocks are not quite the same."""

_NAMES = {
    "#id": contract.TABLE_KEY,
    "#state": contract.STATE,
    "#lease": contract.LEASE_UNTIL,
    "#owner": contract.OWNER,
    "#expires": contract.EXPIRES_AT,
}
# What has expired is not there, though DynamoDB deletes it days later:
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ttl-expired-items.html
_FREE = "attribute_not_exists(#id) OR (#state = :claimed AND #lease <= :now) OR #expires <= :now"


class Standing(Enum):
    """What a claim came to."""

    MINE = "mine"
    DONE = "done"
    BUSY = "busy"


@dataclass(frozen=True)
class Claim:
    """What somebody who wants to do a job learns.

    Attributes:
        standing: Whether it is theirs.
        until: If somebody else is at it, Unix time in seconds at which that has ended for sure.
    """

    standing: Standing
    until: float = 0.0


class Claims:
    """The jobs in the table of `chatops_runtime.contracts.fan_out`."""

    def __init__(
        self,
        client: Any,  # noqa: ANN401 - boto3's clients have no type
        table_name: str,
        *,
        remembered_seconds: float,
        now: Callable[[], float],
    ) -> None:
        """With boto3's DynamoDB client.

        Args:
            client: The client.
            table_name: The table.
            remembered_seconds: For how long a job that is done is known.
            now: Unix time in seconds.
        """
        self._client = client
        self._table_name = table_name
        self._remembered = remembered_seconds
        self._now = now

    def claim(self, key: str, owner: str, deadline: float) -> Claim:
        """Claim a job, or learn why not.

        Args:
            key: The job's.
            owner: One attempt, and no other.
            deadline: Unix time in seconds at which the attempt has ended, one way or the other.
        """
        now = self._now()
        lease = deadline + CLOCKS_DIFFER_SECONDS
        try:
            self._update(
                key,
                "SET #state = :claimed, #lease = :lease, #owner = :owner, #expires = :expires",
                _FREE,
                {
                    ":claimed": {"S": contract.CLAIMED},
                    ":lease": _number(lease),
                    ":owner": {"S": owner},
                    ":expires": _number(lease + self._remembered),
                    ":now": _number(now),
                },
            )
        except ClientError as error:
            if not is_condition(error):
                raise
            return _standing(item_of(error), now)
        return Claim(Standing.MINE)

    def done(self, key: str, owner: str) -> None:
        """Note that a job is done.

        Never raises: it is done, and not to be done again since this failed. A second message of it would be, though.
        """
        try:
            self._update(
                key,
                "SET #state = :done, #expires = :expires",
                "#owner = :owner",
                {
                    ":done": {"S": contract.DONE},
                    ":expires": _number(self._now() + self._remembered),
                    ":owner": {"S": owner},
                },
            )
        except Exception as error:  # noqa: BLE001
            log_line.write(log_line.WARN, "job_done_not_noted", key=key, **log_line.describe(error))

    def release(self, key: str, owner: str) -> None:
        """Let the next one have it at once. Never raises: else the lease ends it."""
        try:
            self._update(
                key,
                "SET #lease = :over",
                "#owner = :owner AND #state = :claimed",
                {":over": _number(0), ":owner": {"S": owner}, ":claimed": {"S": contract.CLAIMED}},
            )
        except Exception as error:  # noqa: BLE001
            log_line.write(log_line.WARN, "job_not_released", key=key, **log_line.describe(error))

    def _update(self, key: str, update: str, condition: str, values: dict[str, Any]) -> None:
        self._client.update_item(
            TableName=self._table_name,
            Key={contract.TABLE_KEY: {"S": f"job:{key}"}},
            UpdateExpression=update,
            ConditionExpression=condition,
            ExpressionAttributeNames={name: _NAMES[name] for name in _NAMES if name in update or name in condition},
            ExpressionAttributeValues=values,
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )


def is_condition(error: ClientError) -> bool:
    """Whether the condition did not hold, rather than something went wrong."""
    return bool(error.response["Error"]["Code"] == "ConditionalCheckFailedException")


def item_of(error: ClientError) -> dict[str, Any]:
    """The item for which the condition did not hold, which comes beside the error with ALL_OLD.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html
    """
    return dict(error.response).get("Item") or {}  # type: ignore[return-value]


def _standing(item: dict[str, Any], now: float) -> Claim:
    if item.get(contract.STATE, {}).get("S") == contract.DONE:
        return Claim(Standing.DONE)
    return Claim(Standing.BUSY, float(item.get(contract.LEASE_UNTIL, {}).get("N", now)))


def _number(seconds: float) -> dict[str, str]:
    """Whole seconds, as DynamoDB wants them of what expires; rounded up, so that no lease is shorter than it was."""
    return {"N": str(math.ceil(seconds))}
