"""The maintenance switch's entry point: `chatops_runtime.maintenance.handler.handler`."""

from __future__ import annotations

import os
import time
from functools import cache
from typing import Any

import boto3

from chatops_runtime import log_line
from chatops_runtime.contracts import maintenance as contract
from chatops_runtime.ip_sets.pair import LONGEST_CALL_SECONDS, IpSetPair
from chatops_runtime.ip_sets.patience import name_of
from chatops_runtime.maintenance import invocation, metrics
from chatops_runtime.maintenance.service import Service
from chatops_runtime.maintenance.store import Store
from chatops_runtime.maintenance.switch import Switch

RESERVE_SECONDS = 2 * LONGEST_CALL_SECONDS + 5
"""Of the function's time, for the last call for each IP set and for the table."""


def handler(event: object, context: Any) -> dict[str, Any] | None:  # noqa: ANN401 - it has no type
    """Do what the event asks for, and say in one line of the log what happened and how the switch is.

    Raises:
        Exception: Something is wrong, and nobody is there to be told: the next minute tries again.
    """
    deadline = time.time() + context.get_remaining_time_in_millis() / 1000 - RESERVE_SECONDS
    service = Service(_switch(), time.time)
    trouble: dict[str, object] = {}
    try:
        reply = service.do(invocation.read(event, context.aws_request_id), deadline=deadline)
    except Exception as error:
        service.record.level = log_line.ERROR
        trouble = {"outcome": "failed", **log_line.describe(error), "aws_error": name_of(error)}
        raise
    finally:
        log_line.write(
            service.record.level,
            "maintenance",
            **{**service.record.facts, **trouble},
            request_id=context.aws_request_id,
            **_metrics(followed=service.record.followed),
        )
    return None if reply is None else reply.to_contract()


def _metrics(*, followed: bool | None) -> dict[str, object]:
    """Nothing unless somebody looked at the IP sets."""
    if followed is None:
        return {}
    return metrics.embedded(
        os.environ[contract.SWITCH_NAME],
        _store().read(),
        time.time(),
        followed=followed,
        longest=float(os.environ[contract.LONGEST_PLANNED_SECONDS]),
    )


@cache
def _switch() -> Switch:
    return Switch(_store(), IpSetPair.from_contract(os.environ[contract.IP_SETS]), time.time)


@cache
def _store() -> Store:
    return Store(boto3.client("dynamodb"), os.environ[contract.TABLE])
