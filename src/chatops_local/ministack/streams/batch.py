"""Batches of a shard, and what comes after one has failed: its records stay in their order.

https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-eventsourcemapping.html
https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chatops_local.ministack.messaging.event_sources.batch import MAXIMUM_BYTES, PARTIAL

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chatops_local.ministack.messaging.event_sources.batch import Outcome

_FOREVER = -1


@dataclass(frozen=True)
class Batch:
    """Records that the function gets together.

    Args:
        records: at least one.
        failures: how often the function has failed with exactly these.
    """

    records: tuple[Mapping[str, Any], ...]
    failures: int = 0


@dataclass(frozen=True)
class Policy:
    """What a mapping says about failures.

    Args:
        retries: how often a batch is tried again; -1: for ever.
        age: seconds of AWS's time after which a record is given up; -1: never.
        bisects: whether a batch is halved.
        is_partial: whether the function tells which record has failed.
    """

    retries: int = _FOREVER
    age: float = _FOREVER
    bisects: bool = False
    is_partial: bool = False

    @classmethod
    def of(cls, mapping: Mapping[str, Any]) -> Policy:
        """The policy of a mapping."""
        return cls(
            retries=int(mapping.get("MaximumRetryAttempts", _FOREVER)),
            age=float(mapping.get("MaximumRecordAgeInSeconds", _FOREVER)),
            bisects=str(mapping.get("BisectBatchOnFunctionError", False)).lower() == "true",
            is_partial=PARTIAL in (mapping.get("FunctionResponseTypes") or []),
        )


@dataclass(frozen=True)
class Verdict:
    """What comes after an invocation.

    Args:
        left: batches that come next, in this order; none if all is done.
        discarded: how many records were given up.
        reason: why, in AWS's words.
        waits: whether to wait before the next one.
    """

    left: tuple[Batch, ...] = ()
    discarded: int = 0
    reason: str = ""
    waits: bool = True


def fitting(records: Sequence[Mapping[str, Any]], batch_size: int) -> int:
    """How many of the records go into one batch."""
    used = 0
    for index, record in enumerate(records[:batch_size]):
        used += len(json.dumps(record).encode())
        if used > MAXIMUM_BYTES:
            return max(index, 1)
    return min(len(records), batch_size)


def judge(batch: Batch, outcome: Outcome, policy: Policy, *, expired: int) -> Verdict:
    """What comes after the function has had a batch.

    Args:
        batch: what it had.
        outcome: what became of it.
        policy: the mapping's.
        expired: how many of the first records are too old to be tried again.
    """
    first_failed = _first_failed(batch, outcome, policy)
    if first_failed is None:
        return Verdict(waits=False)
    if first_failed:
        # Those before it are done, and the rest is another batch.
        return Verdict((Batch(batch.records[first_failed:]),))
    if expired:
        rest = batch.records[expired:]
        return Verdict((Batch(rest),) if rest else (), expired, "MaxRecordAgeExceeded", waits=bool(rest))
    if policy.bisects and len(batch.records) > 1:
        # Halving does not count as an attempt.
        middle = len(batch.records) // 2
        return Verdict((Batch(batch.records[:middle]), Batch(batch.records[middle:])))
    if policy.retries != _FOREVER and batch.failures >= policy.retries:
        return Verdict((), len(batch.records), "RetryAttemptsExhausted", waits=False)
    return Verdict((Batch(batch.records, batch.failures + 1),))


def _first_failed(batch: Batch, outcome: Outcome, policy: Policy) -> int | None:
    """The index of the first record that has to come again; None if the whole batch is done."""
    if outcome.failed:
        return 0
    if not policy.is_partial or not outcome.body:
        return None
    failures = outcome.body.get("batchItemFailures") or [] if isinstance(outcome.body, dict) else None
    if not isinstance(failures, list):
        return 0
    numbers = [record["dynamodb"]["SequenceNumber"] for record in batch.records]
    named = [failure.get("itemIdentifier") if isinstance(failure, dict) else None for failure in failures]
    # What is not a number of the batch is a complete failure.
    return min((numbers.index(number) if number in numbers else 0 for number in named), default=None)
