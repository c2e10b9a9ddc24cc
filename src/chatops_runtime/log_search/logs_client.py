"""The one place where a client of CloudWatch Logs is made."""

from __future__ import annotations

import os
from functools import cache
from typing import Any

from chatops_runtime.contracts import remote_calls

MOST_AT_ONCE = 50
"""Log groups that are searched at the same time."""

CONNECT_SECONDS = 5
READ_SECONDS = 30


def logs_client() -> Any:  # noqa: ANN401 - boto3's clients have no type
    """A client for this account and region or, with a role of another one, for that."""
    role_arn = os.environ.get(remote_calls.ROLE_ARN)
    if role_arn is None:
        return _own_client()
    return _target_account(role_arn, os.environ.get(remote_calls.REGION)).client("logs", client_config())


@cache
def _own_client() -> Any:  # noqa: ANN401
    import boto3  # noqa: PLC0415 - 150 ms, which tests of everything else need not pay for

    create: Any = boto3.client
    return create("logs", config=client_config())


@cache
def _target_account(role_arn: str, its_region: str | None) -> Any:  # noqa: ANN401
    from chatops_runtime.target_account import TargetAccount  # noqa: PLC0415 - most searches stay at home

    return TargetAccount(role_arn, its_region)


@cache
def client_config() -> Any:  # noqa: ANN401
    """How a client calls."""
    from botocore.config import Config  # noqa: PLC0415

    return Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        max_pool_connections=MOST_AT_ONCE,
        # `patience` tries again: it knows how much time there is, and pauses for tenths of seconds first.
        retries={"total_max_attempts": 1},
    )
