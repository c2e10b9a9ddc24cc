"""The function's entry point: `chatops_runtime.remote_calls.handler.handler`."""

from __future__ import annotations

import os
from functools import cache
from typing import Any

from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from chatops_runtime.contracts import remote_calls as contract
from chatops_runtime.remote_calls import errors, shapes
from chatops_runtime.target_account import TargetAccount

# Once: SendCommand has no idempotency token. The state machine knows which calls it may repeat.
CONFIG = Config(connect_timeout=5, read_timeout=20, retries={"total_max_attempts": 1})


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Make the call, and answer what AWS answered, as JSON has it: `chatops_runtime.contracts.remote_calls`.

    Raises:
        Exception: AWS refused, or did not answer. Its type has the name that Step Functions would give the error.
        ValueError: It is none of the calls that are made here.
    """
    del context
    operation = event["operation"]
    if operation not in contract.OPERATIONS:
        raise ValueError(f"operation is {operation!r}: {', '.join(sorted(contract.OPERATIONS))} are called here")
    client = _systems_manager()
    model = client.meta.service_model.operation_model(operation[0].upper() + operation[1:])
    arguments = shapes.for_boto3(event["arguments"], model.input_shape)
    try:
        answer = getattr(client, xform_name(operation))(**arguments)
    except ClientError as error:
        raise errors.of_client("Ssm", error) from None
    except BotoCoreError as error:
        raise errors.unanswered("Ssm", error) from None
    plain: dict[str, Any] = shapes.from_boto3(answer, model.output_shape)
    return plain


def _systems_manager() -> Any:  # noqa: ANN401 - boto3's clients have no type
    try:
        return _account().client("ssm", CONFIG)
    except ClientError as error:
        raise errors.of_client("Sts", error) from None
    except BotoCoreError as error:
        raise errors.unanswered("Sts", error) from None


@cache
def _account() -> TargetAccount:
    return TargetAccount(os.environ[contract.ROLE_ARN], os.environ.get(contract.REGION))
