"""Invokes a function in another region: `chatops_runtime.relay.handler.handler`.

Step Functions invokes functions of its own region only.
"""

from __future__ import annotations

import json
import os
from functools import cache
from typing import Any

import boto3
from botocore.config import Config

from chatops_runtime.contracts import relay as contract

# Longer than the functions of this library take that are behind a relay. Each of them may be asked twice: a request
# that comes again is known, or harmless.
CONFIG = Config(read_timeout=70, retries={"total_max_attempts": 2})


class RelayedError(Exception):
    """The function in the other region failed. The text is that of its error."""


def handler(event: dict[str, Any], context: object) -> Any:  # noqa: ANN401 - whatever the other answers
    """Invoke the function with the same event, and answer what it answered.

    Raises:
        RelayedError: It failed.
    """
    del context
    answer = _client().invoke(FunctionName=os.environ[contract.FUNCTION_ARN], Payload=json.dumps(event).encode())
    payload = json.loads(answer["Payload"].read())
    if "FunctionError" in answer:
        raise RelayedError(f"{payload.get('errorType', 'Error')}: {payload.get('errorMessage', 'without a message')}")
    return payload


@cache
def _client() -> Any:  # noqa: ANN401 - boto3's clients have no type
    # arn:aws:lambda:us-east-1:123456789012:function:name
    region = os.environ[contract.FUNCTION_ARN].split(":")[3]
    return boto3.client("lambda", region_name=region, config=CONFIG)
