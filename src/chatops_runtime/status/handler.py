"""The status function's entry point: `chatops_runtime.status.handler.handler`."""

from __future__ import annotations

from datetime import datetime, timezone
from functools import cache
from typing import Any

import boto3

from chatops_runtime import log_line
from chatops_runtime.command_function import SlackCommand
from chatops_runtime.contracts import commands_table
from chatops_runtime.contracts import status as contract
from chatops_runtime.status.executions import Executions
from chatops_runtime.status.views import Views


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401 - Lambda's context has no type
    """Answer the view that is asked for: `chatops_runtime.contracts.status`.

    Raises:
        Exception: Step Functions could not be asked.
    """
    asked = SlackCommand.from_event(event)
    views = _views(context.invoked_function_arn)
    facts: dict[str, object] = {"view": event["view"], "user_id": asked.user.id, "channel_id": asked.channel.id}
    try:
        reply = views.history(asked) if event["view"] == contract.HISTORY else views.status(asked)
    except Exception as error:
        log_line.write(log_line.ERROR, "status", id=asked.request_id, **facts, **log_line.describe(error))
        raise
    log_line.write(log_line.INFO, "status", id=asked.request_id, **facts)
    return reply.to_contract()


@cache
def _views(function_arn: str) -> Views:
    _, partition, _, region, account, *_ = function_arn.split(":")
    machines = f"arn:{partition}:states:{region}:{account}:stateMachine:"
    executions = Executions(boto3.client("stepfunctions"), machines)
    return Views(commands_table.read(), executions, lambda: datetime.now(timezone.utc))
