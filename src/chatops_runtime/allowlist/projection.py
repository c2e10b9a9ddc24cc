"""The projection's entry point: `chatops_runtime.allowlist.projection.handler`."""

from __future__ import annotations

import os
import time
from functools import cache
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from chatops_runtime import embedded_metrics, log_line
from chatops_runtime.allowlist import invocation, table
from chatops_runtime.allowlist.look import Look
from chatops_runtime.contracts import allowlist as contract
from chatops_runtime.ip_sets.pair import LONGEST_CALL_SECONDS, IpSetPair
from chatops_runtime.ip_sets.patience import name_of
from chatops_runtime.log_line import LoggableError

RESERVE_SECONDS = 2 * LONGEST_CALL_SECONDS + 5
"""Of the function's time, for the last call for each IP set and for the table."""

TROUBLE = (LoggableError, ClientError, BotoCoreError)


def handler(event: object, context: Any) -> None:  # noqa: ANN401 - it has no type
    """Look, and say in one line of the log what was found and done.

    Raises:
        Exception: Something is wrong. Not if it was a stream that told of changes, unless the code itself is wrong:
            its next records would wait for these, and the timer looks again within a minute anyway.
    """
    deadline = time.time() + context.get_remaining_time_in_millis() / 1000 - RESERVE_SECONDS
    why = None
    look = Look(_table(), _pair(), time.time)
    try:
        why = invocation.read_look(event)
        look.look(deadline=deadline)
    except Exception as error:
        look.level = log_line.ERROR
        outcome = "untidy" if look.followed else "behind"
        look.facts.update(outcome=outcome, **log_line.describe(error), aws_error=name_of(error))
        if why != invocation.STREAM or not isinstance(error, TROUBLE):
            raise
    finally:
        log_line.write(
            look.level,
            "allowlist_projection",
            invocation=why,
            **look.facts,
            request_id=context.aws_request_id,
            **_metrics(look),
        )


def _metrics(look: Look) -> dict[str, object]:
    values = {contract.METRIC_BEHIND: int(not look.followed)}
    fuller = look.fuller
    if fuller is not None:
        values[contract.METRIC_ENTRIES] = fuller
    return embedded_metrics.facts(
        values,
        namespace=contract.NAMESPACE,
        dimension=contract.DIMENSION,
        name=os.environ[contract.NAME],
        now=time.time(),
    )


@cache
def _table() -> table.Table:
    return table.Table(boto3.client("dynamodb", config=table.CLIENT), os.environ[contract.TABLE])


@cache
def _pair() -> IpSetPair:
    return IpSetPair.from_contract(os.environ[contract.IP_SETS])
